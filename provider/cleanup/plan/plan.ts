import type { ArtifactKind, Deletion } from "../../registries/image-registry";
import type { Bounds } from "../policy/policy";

/** Version of the plan file's form. A plan of another version is refused. */
export const planVersion = 1;

/** First line of a plan. */
export interface PlanHeader {
  readonly plan: typeof planVersion;
  readonly registry: { readonly type: string; readonly name: string };
  /** RFC 3339. */
  readonly createdAt: string;
  readonly bounds: Bounds;
  readonly minKeep: number;
  /** Milliseconds. */
  readonly minAge: number;
  readonly allowPlaceholderUntag: boolean;
  /** `2/8`. */
  readonly shard?: string;
}

/** One line for each repository. */
export interface RepositoryPlan {
  readonly repository: string;
  /** Why the repository could not be planned: nothing in it goes, and the run fails. */
  readonly problem?: string;
  /** What the reader should know although it is no failure. */
  readonly warnings: readonly string[];
  /** Every root, and everything else that goes, in the order of deletion where it goes; kept ones sorted by newest first. */
  readonly images: readonly ImagePlan[];
  /** Tags that point to nothing. */
  readonly dangling: readonly TagPlan[];
  /** What `apply` does, in this order: referrers, then indexes, then their children; tags of kept digests first. */
  readonly deletions: readonly Deletion[];
  readonly counts: PlanCounts;
}

export interface PlanCounts {
  /** Roots with at least one tag: what `max-deletions-percent` is a share of. */
  readonly taggedRoots: number;
  /** Of them, those that go as a whole. */
  readonly doomedTaggedRoots: number;
  /** Root digests that go. */
  readonly roots: number;
  /** All digests that go: roots, children, referrers. */
  readonly digests: number;
  /** Tags removed from digests that stay, and dangling tags. */
  readonly untagged: number;
  /** Roots that stay. */
  readonly kept: number;
  /** Roots and tags that a rule wanted to go and that something protects. */
  readonly blocked: number;
  /** Bytes of what stays and what goes; shared layers count once, for what stays if anything that stays has them. */
  readonly bytesKept: number;
  readonly bytesFreed: number;
}

/** `follower`: a child, referrer or signature; goes with its root. */
export type Role = "root" | "child" | "referrer" | "signature";

export interface ImagePlan {
  readonly digest: string;
  readonly role: Role;
  /** Of a follower: the roots that it goes with. */
  readonly of?: readonly string[];
  readonly kind: ArtifactKind;
  readonly action: "keep" | "delete";
  readonly reason: Reason;
  readonly tags: readonly TagPlan[];
  /** RFC 3339. Absent if it was not needed or is unknown. */
  readonly created?: string;
  /** Bytes: of a kept one all it consists of, of one that goes what is freed by it. */
  readonly bytes: number;
}

export interface TagPlan {
  readonly tag: string;
  /** `untag`: the tag goes, its digest stays. */
  readonly action: "keep" | "delete" | "untag";
  readonly reason: Reason;
}

/** Why something stays or goes. `code` is for programs, `text` a short phrase for people. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
  /** A rule wanted it to go, and this kept it. */
  readonly blocked?: true;
}

export type ReasonCode =
  // goes
  | "selected"
  | "untagged"
  | "ghost"
  | "partial"
  | "orphaned"
  | "dangling"
  | "follows-root"
  // stays
  | "excluded"
  | "keep-list"
  | "not-selected"
  | "newest"
  | "younger-than-rule"
  | "min-age"
  | "min-keep"
  | "shared-with"
  | "part-of"
  | "refers-to-kept"
  | "unreliable-created"
  | "artifact-type"
  | "cannot-untag"
  | "cannot-delete"
  | "pull-request-open"
  | "branch-exists"
  | "unknown-to-github"
  | "unreadable"
  | "changed-since-plan";

/** Last line: a plan without it was cut off. */
export interface PlanEnd {
  readonly end: true;
  readonly repositories: number;
  readonly problems: number;
  readonly counts: PlanCounts;
  /** `sha256:…` of all bytes before this line: a changed file is refused. */
  readonly checksum: string;
}
