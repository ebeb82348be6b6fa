import { z } from "zod";
import { count, flag, optional, text } from "./shape";

/** A repository, as this user may see it. */
export interface Repository {
  /** UUID. */
  readonly id: string;
  readonly namespace: string;
  /** `user` or `organization`. */
  readonly namespaceType: string;
  /** Without the namespace. */
  readonly name: string;
  readonly shortDescription: string;
  /** Not in lists. */
  readonly longDescription?: string;
  /** `public` or `private`. */
  readonly visibility: string;
  readonly scanOnPush: boolean;
  /** A tag that exists cannot be pushed again. Turns the tag limit off. */
  readonly immutableTags: boolean;
  /** Without effect since 2.7. */
  readonly enableManifestLists?: boolean;
  readonly pulls: number;
  readonly pushes: number;
  /** The oldest tags go when there are more. 0: no limit, and what versions before tag limits give. */
  readonly tagLimit: number;
}

export const Repository: z.ZodType<Repository> = z.object({
  id: text,
  namespace: z.string(),
  namespaceType: text,
  name: z.string(),
  shortDescription: text,
  longDescription: optional(z.string()),
  visibility: text,
  scanOnPush: flag,
  immutableTags: flag,
  enableManifestLists: optional(z.boolean()),
  pulls: count,
  pushes: count,
  tagLimit: count,
});
