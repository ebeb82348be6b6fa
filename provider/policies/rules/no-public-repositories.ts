import { z } from "zod";
import { unlessListed } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { flag, text } from "../subject";

export interface NoPublicRepositories {
  /** Repositories that may be public, as globs over `namespace/name`. Default: none. */
  allow?: string[];
}

const messages = {
  dtr: 'everybody may pull from the repository: set `visibility` to "private", or add the repository to the policy\'s `allow`',
  registryui: "anonymous users may pull from the repository: set `isPublic` to false, or add the repository to the policy's `allow`",
};

export const noPublicRepositories = resourceRule<Required<NoPublicRepositories>>({
  name: "no-public-repositories",
  severity: "critical",
  description: "Repositories must not be public.",
  types: ["dtr:Repository", "registryui:Project"],
  messages,
  remediation: 'Sets `visibility` of a `dtr.Repository` to "private". A public `registryui.Project` stays a violation.',
  settings: z.strictObject({ allow: patterns("Repositories that may be public, as globs over `namespace/name`.") }),
  judge({ allow }) {
    const unlessAllowed = unlessListed(allow, "no-public-repositories: allow");
    return (subject) => {
      if (subject.type === "dtr:Repository") {
        subject.when({ visibility: text }, ({ visibility }) => {
          if (visibility === "public")
            unlessAllowed(subject, ["namespace", "name"], () => subject.violates(messages.dtr, {}, { visibility: "private" }));
        });
        return;
      }
      subject.when({ isPublic: flag }, ({ isPublic }) => {
        // Nothing puts it right: the API cannot change a project that exists, and the engine asks the resource, which knows that, before it asks policies.
        if (isPublic) unlessAllowed(subject, ["repository"], () => subject.violates(messages.registryui));
      });
    };
  },
});
