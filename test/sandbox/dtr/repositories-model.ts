import type { AccessLevel } from "./accounts-model";

/** One condition of a policy; several are ANDed. */
export interface Rule {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export interface Repository {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  shortDescription: string;
  longDescription: string;
  visibility: "public" | "private";
  scanOnPush: boolean;
  immutableTags: boolean;
  enableManifestLists: boolean;
  /** 0: no limit. */
  tagLimit: number;
  pulls: number;
  pushes: number;
  /** Grants of the repository itself, by team id. */
  readonly grants: Map<string, AccessLevel>;
  /** By policy id, like the other three. This repository is the source. */
  readonly promotionPolicies: Map<string, PromotionPolicy>;
  readonly pruningPolicies: Map<string, PruningPolicy>;
  readonly pushMirroringPolicies: Map<string, PushMirroringPolicy>;
  readonly pollMirroringPolicies: Map<string, MirroringPolicy>;
  /** Tags with trust data in Notary. */
  readonly signed: Set<string>;
  /** What is known of a tag beside the store; none for what was put into the store directly. */
  readonly notes: Map<string, TagNote>;
}

export interface TagNote {
  /** User id. */
  author: string;
  createdAt: Date;
  promotion?: { readonly policyId: string; readonly repository: string; readonly tag: string };
  mirroring?: { readonly policyId: string; readonly digest: string; readonly remoteRepository: string; readonly remoteTag: string };
}

export interface PromotionPolicy {
  readonly id: string;
  rules: readonly Rule[];
  /** `namespace/name`. */
  targetRepository: string;
  tagTemplate: string;
  enabled: boolean;
  /** Undefined: never. So in the other policies. */
  lastPromotedAt?: Date;
}

export interface PruningPolicy {
  readonly id: string;
  rules: readonly Rule[];
  enabled: boolean;
  lastPrunedAt?: Date;
}

export interface MirroringPolicy {
  readonly id: string;
  remoteHost: string;
  remoteRepository: string;
  remoteCA: string;
  skipTLSVerification: boolean;
  enabled: boolean;
  username: string;
  /** Write-only, like `authToken`. */
  password: string;
  authToken: string;
  lastMirroredAt?: Date;
  lastStatus: { readonly code: string; readonly detail: string; readonly timestamp?: Date };
}

export interface PushMirroringPolicy extends MirroringPolicy {
  rules: readonly Rule[];
  tagTemplate: string;
}
