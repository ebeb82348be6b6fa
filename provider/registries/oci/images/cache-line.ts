import { z } from "zod";
import { type Digest, digestSchema } from "../digest";
import type { ConfigTime } from "./cache";
import type { KnownManifest } from "./known";

/** Of the cache file's form. A file of another version is begun anew. */
export const cacheVersion = 1;

/** One fact of the cache file. */
export type Record =
  | { readonly is: "manifest"; readonly manifest: KnownManifest }
  | { readonly is: "time"; readonly config: Digest; readonly time: ConfigTime }
  | { readonly is: "whole"; readonly place: string; readonly digest: Digest; readonly time: number }
  | { readonly is: "visited"; readonly place: string };

const size = z.int().nonnegative();
const place = z.string().regex(/^[0-9a-f]{24}$/);
/** JSON has no NaN. */
const moment = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const created = z.strictObject({ time: moment, source: z.enum(["annotation", "config", "history"]) });
const blob = z.strictObject({ digest: digestSchema, size });
const manifest = z.strictObject({
  digest: digestSchema,
  mediaType: z.string(),
  size,
  index: z.boolean(),
  kind: z.enum(["image", "helm", "other"]).optional(),
  entries: z.array(
    z.strictObject({ digest: digestSchema, size, is: z.enum(["manifest", "unclear"]), platform: z.enum(["real", "unknown", "none"]) }),
  ),
  blobs: z.array(blob),
  config: blob.optional(),
  subject: digestSchema.optional(),
  artifactType: z.string().optional(),
  created: created.optional(),
});

const record = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("manifest"), manifest }),
  z.strictObject({ is: z.literal("time"), config: digestSchema, time: created.nullable() }),
  z.strictObject({ is: z.literal("whole"), place, digest: digestSchema, time: z.number() }),
  z.strictObject({ is: z.literal("visited"), place }),
]);

export function recordLine(fact: Record): string {
  return JSON.stringify(fact);
}

/** Undefined for a line that is damaged or says what cannot be. */
export function parseLine(line: string): Record | undefined {
  try {
    const { data } = record.safeParse(JSON.parse(line));
    if (data?.is !== "manifest") return data;
    const { kind, index } = data.manifest;
    // Only indexes leave it to their children what they are.
    return (kind === undefined) === index ? { is: "manifest", manifest: { ...data.manifest, kind } } : undefined;
  } catch {
    return undefined;
  }
}
