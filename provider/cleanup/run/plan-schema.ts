import { z } from "zod";
import type { Deletion } from "../../registries/image-registry";
import {
  type ImagePlan,
  type PlanCounts,
  type PlanEnd,
  type PlanHeader,
  planVersion,
  type Reason,
  type ReasonCode,
  type RepositoryPlan,
  type TagPlan,
} from "../plan/plan";
import type { Bounds } from "../policy/policy";

/*
 * The lines of a plan file. Nothing may stand in them that this version does not know: it could be a reason not to delete.
 * The types are the interfaces of plan.ts; a compile error below means that the two have drifted apart.
 */

const count = z.int().min(0);
const text = z.string();
const name = z.string().min(1);
/** OCI image-spec, descriptor.md, "Digests". */
const digest = z.string().regex(/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/);
const time = z.iso.datetime({ offset: true });

const reasonCodes = {
  selected: true,
  untagged: true,
  ghost: true,
  partial: true,
  orphaned: true,
  dangling: true,
  "follows-root": true,
  excluded: true,
  "keep-list": true,
  "not-selected": true,
  newest: true,
  "younger-than-rule": true,
  "min-age": true,
  "min-keep": true,
  "shared-with": true,
  "part-of": true,
  "refers-to-kept": true,
  "unreliable-created": true,
  "artifact-type": true,
  "cannot-untag": true,
  "cannot-delete": true,
  "pull-request-open": true,
  "branch-exists": true,
  "unknown-to-github": true,
  unreadable: true,
  "changed-since-plan": true,
} as const satisfies Record<ReasonCode, true>;

const reason = z.strictObject({
  // The keys of an object literal; TypeScript gives `string[]`.
  code: z.enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]]),
  text,
  blocked: z.literal(true).optional(),
});

const tagPlan = z.strictObject({ tag: name, action: z.enum(["keep", "delete", "untag"]), reason });

const imagePlan = z.strictObject({
  digest,
  role: z.enum(["root", "child", "referrer", "signature"]),
  of: z.array(digest).optional(),
  kind: z.enum(["image", "helm", "other"]),
  action: z.enum(["keep", "delete"]),
  reason,
  tags: z.array(tagPlan),
  created: time.optional(),
  bytes: count,
});

export const deletionSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("manifest"), digest, tags: z.array(name) }),
  z.strictObject({ kind: z.literal("tag"), tag: name, digest }),
  z.strictObject({ kind: z.literal("dangling"), tag: name }),
]);

const counts = z.strictObject({
  taggedRoots: count,
  doomedTaggedRoots: count,
  roots: count,
  digests: count,
  untagged: count,
  kept: count,
  blocked: count,
  bytesKept: count,
  bytesFreed: count,
});

const bounds = z.strictObject({ maxDeletions: count, maxDeletionsPercent: z.number().min(0).max(100) });

export const planHeaderSchema = z.strictObject({
  plan: z.literal(planVersion),
  registry: z.strictObject({ type: name, name }),
  createdAt: time,
  bounds,
  minKeep: count,
  minAge: z.number().min(0),
  allowPlaceholderUntag: z.boolean(),
  shard: z
    .string()
    .regex(/^\d+\/\d+$/)
    .optional(),
});

export const repositoryPlanSchema = z.strictObject({
  repository: name,
  problem: text.optional(),
  warnings: z.array(text),
  images: z.array(imagePlan),
  dangling: z.array(tagPlan),
  deletions: z.array(deletionSchema),
  counts,
});

export const planEndSchema = z.strictObject({
  end: z.literal(true),
  repositories: count,
  problems: count,
  counts,
  checksum: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

/** JSON schema of a line of a plan file: a header, then a line a repository, then the end. Published for those who read plans with other tools. */
export function planSchema(): Record<string, unknown> {
  const line = z.union([planHeaderSchema, repositoryPlanSchema, planEndSchema]);
  return {
    ...z.toJSONSchema(line),
    title: "A line of a cleanup plan",
    description: "JSON lines: a header, then a line for each repository, sorted by name, then the end with totals and a checksum.",
  };
}

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Flat<T> = T extends (infer Item)[] ? Flat<Item>[] : T extends object ? { [Key in keyof T]: Flat<T[Key]> } : T;
type Agrees<Schema extends z.ZodType, T> = Same<Flat<z.infer<Schema>>, Flat<Mutable<T>>>;

/** Exported only so that it counts as used. */
export type SchemasAgree = readonly [
  Assert<Agrees<typeof reason, Reason>>,
  Assert<Agrees<typeof tagPlan, TagPlan>>,
  Assert<Agrees<typeof imagePlan, ImagePlan>>,
  Assert<Agrees<typeof deletionSchema, Deletion>>,
  Assert<Agrees<typeof counts, PlanCounts>>,
  Assert<Agrees<typeof bounds, Bounds>>,
  Assert<Agrees<typeof planHeaderSchema, PlanHeader>>,
  Assert<Agrees<typeof repositoryPlanSchema, RepositoryPlan>>,
  Assert<Agrees<typeof planEndSchema, PlanEnd>>,
];
type Assert<T extends true> = T;
