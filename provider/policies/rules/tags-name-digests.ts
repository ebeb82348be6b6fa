import { z } from "zod";
import { stackRule } from "../rule";
import { shortType, text } from "../subject";

const messages = {
  malformed:
    "`digest` is no digest in full (sha256: and 64 hexadecimal digits): write the digest that the build pushed, never a tag or a shortened digest",
  moving:
    "`digest` comes from a resource that follows a tag (`dtr.TagPromotion` or `dtr.TagMirroring`), so what runs changes when that tag moves: give the digest in the program or its configuration",
};
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** Resources whose `digest` is what a tag points to. */
const FOLLOWERS = new Set(["dtr:TagMirroring", "dtr:TagPromotion"]);

/**
 * A digest that the program looked up by `oci.getManifest` cannot be told from one that is written there: functions leave no trace in what a
 * policy gets. What comes from another resource can: the engine says which properties come from where. Another `oci.Tag` may be one of them,
 * as its own digest is fixed by the same rule.
 */
export const tagsNameDigests = stackRule<Record<never, never>>({
  name: "tags-name-digests",
  severity: "high",
  description: "A tag must be set to a fixed digest.",
  types: ["oci:Tag"],
  messages,
  settings: z.strictObject({}),
  judge: () => (subjects) => {
    for (const subject of subjects) {
      if (subject.origins("digest").some((urn) => FOLLOWERS.has(typeIn(urn)))) subject.violates(messages.moving);
      else subject.when({ digest: text }, ({ digest = "" }) => DIGEST.test(digest) || subject.violates(messages.malformed));
    }
  },
});

/** `dtr:TagPromotion` of `urn:pulumi:stack::project::parent$pulumi-nodejs:dynamic/dtr:TagPromotion::name`. */
const typeIn = (urn: string): string => shortType(urn.split("::")[2]?.split("$").at(-1) ?? "") ?? "";
