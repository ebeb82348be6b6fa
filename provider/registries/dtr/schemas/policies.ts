import { z } from "zod";
import { Rule, rules } from "./rules";
import { flag, optional, text, time } from "./shape";

/** Tags that match all rules are deleted: every 15 minutes, and when a policy of the repository is created or changed with `initialEvaluation`. */
export interface PruningPolicy {
  readonly id: string;
  readonly rules: readonly Rule[];
  /** `namespace/name`. */
  readonly repository: string;
  readonly enabled: boolean;
  /** RFC 3339; absent: never. */
  readonly lastPrunedAt?: string;
}

/** Tags that match all rules are copied to another repository of this server, when they are pushed or scanned. */
export interface PromotionPolicy {
  readonly id: string;
  readonly rules: readonly Rule[];
  /** `namespace/name`. */
  readonly sourceRepository: string;
  /** `namespace/name`. */
  readonly targetRepository: string;
  /** The tag in the target: `%n` is the source's, `%Y`, `%m`, `%d` and others are of the time. */
  readonly tagTemplate: string;
  readonly enabled: boolean;
  /** RFC 3339; absent: never. */
  readonly lastPromotedAt?: string;
}

/** How the last mirroring went. */
export interface MirroringStatus {
  /** Its values are not published. */
  readonly code: string;
  readonly detail: string;
  readonly timestamp?: string;
}

/** What both kinds of mirroring policies have. Password and token are never shown. */
export interface Mirror {
  readonly id: string;
  /** Of the other registry. */
  readonly username: string;
  /** `namespace/name`. */
  readonly localRepository: string;
  /** `https://registry.example.com`. */
  readonly remoteHost: string;
  readonly remoteRepository: string;
  /** PEM; empty: the authorities that the server trusts. */
  readonly remoteCA: string;
  readonly skipTLSVerification: boolean;
  readonly enabled: boolean;
  /** RFC 3339; absent: never. */
  readonly lastMirroredAt?: string;
  readonly lastStatus?: MirroringStatus;
}

/** All tags of another registry's repository are pulled, by the job `poll_mirror` (every 30 minutes). */
export interface PollMirroringPolicy extends Mirror {}

/** Tags that match all rules are pushed to another registry, when they are pushed or scanned here. */
export interface PushMirroringPolicy extends Mirror {
  readonly rules: readonly Rule[];
  /** The tag there: `%n` is the tag here. */
  readonly tagTemplate: string;
}

/** A mirroring policy of either kind, as the common list gives it. */
export interface MirroringPolicy extends Mirror {
  /** `push` or `poll`, probably: its values are not published. */
  readonly mirroringType: string;
  /** Of those that push. */
  readonly rules?: readonly Rule[];
  /** Of those that push. */
  readonly tagTemplate?: string;
}

export const PruningPolicy: z.ZodType<PruningPolicy> = z.object({
  id: z.string(),
  rules,
  repository: text,
  enabled: flag,
  lastPrunedAt: time,
});

export const PromotionPolicy: z.ZodType<PromotionPolicy> = z.object({
  id: z.string(),
  rules,
  sourceRepository: text,
  targetRepository: text,
  tagTemplate: text,
  enabled: flag,
  lastPromotedAt: time,
});

const MirroringStatus: z.ZodType<MirroringStatus> = z.object({ code: text, detail: text, timestamp: time });

const mirror = {
  id: z.string(),
  username: text,
  localRepository: text,
  remoteHost: text,
  remoteRepository: text,
  remoteCA: text,
  skipTLSVerification: flag,
  enabled: flag,
  lastMirroredAt: time,
  lastStatus: optional(MirroringStatus),
};

export const PollMirroringPolicy: z.ZodType<PollMirroringPolicy> = z.object(mirror);
export const PushMirroringPolicy: z.ZodType<PushMirroringPolicy> = z.object({ ...mirror, rules, tagTemplate: text });
export const MirroringPolicy: z.ZodType<MirroringPolicy> = z.object({
  ...mirror,
  mirroringType: text,
  rules: optional(z.array(Rule)),
  tagTemplate: optional(z.string()),
});
