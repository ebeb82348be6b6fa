import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { ListedTag, Manifest, Mirroring, Promotion, Tag } from "../schemas/tags";
import { array } from "../schemas/values";
import { name } from "./given";
import { domain } from "./terms";

/** Manifests, as the API describes them. Their content is `/v2`'s. */
export const manifests = {
  /** The manifests of a repository, with and without tags. */
  list: paged("GET /api/v0/repositories/{namespace}/{repository}/manifests", {
    items: array(Manifest),
    key: ({ digest }) => digest,
    errors: [404],
  }),
  /** Deprecated since 2.5, and gone from some versions of 2.6: delete tags, or the manifest over `/v2`. `reference` is a digest. */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}/manifests/{reference}", { errors: [400, 403, 404] }),
};

export const tags = {
  /** The tags of a repository. `includeManifests`: with all that is known of their manifests. `domain`: host of the registry, for `inNotary`. */
  list: paged("GET /api/v0/repositories/{namespace}/{repository}/tags", {
    query: { includeManifests: z.boolean().optional(), domain },
    items: array(ListedTag),
    key: (tag) => tag.name,
    errors: [403, 404],
  }),
  /** A tag, once for each image of an index; or all tags of a digest. NO_SUCH_REF: there is none. `os` and `arch` choose among the images. */
  get: operation("GET /api/v0/repositories/{namespace}/{repository}/tags/{reference}", {
    query: { domain, os: name.optional(), arch: name.optional() },
    answer: array(Tag),
    errors: [403, 404],
  }),
  /**
   * Removes the name only; what it points to goes at the next garbage collection, if nothing else needs it. TAG_IN_NOTARY (a 409): `isInNotary`.
   * Never repeated: the tag may have been pushed again meanwhile.
   */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}/tags/{tag}", {
    query: { domain },
    repeatable: false,
    errors: [403, 404, 409],
  }),
  /** Copies the tag to another repository of this server (`namespace/name`). Needs read access here, write access there. */
  promote: operation("POST /api/v0/repositories/{namespace}/{repository}/tags/{tag}/promotion", {
    body: { targetRepository: name, targetTag: name },
    answer: Promotion,
    errors: [400, 403, 404],
  }),
  /** Pushes the tag to another registry. */
  mirror: operation("POST /api/v0/repositories/{namespace}/{repository}/tags/{tag}/pushMirroring", {
    body: {
      remoteHost: name,
      remoteRepository: name,
      remoteTag: name,
      /** PEM. */
      remoteCA: z.string().optional(),
      skipTLSVerification: z.boolean().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      authToken: z.string().optional(),
    },
    secret: ["password", "authToken"],
    answer: Mirroring,
    errors: [400, 403, 404],
  }),
};
