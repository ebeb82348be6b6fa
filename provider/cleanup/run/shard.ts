import { createHash } from "node:crypto";

/** One job's share of the repositories: number `index` (from 1) of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `2/8`. Throws with what is wrong. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^\s*(\d{1,6})\s*\/\s*(\d{1,6})\s*$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new Error(`The shard ${JSON.stringify(text)} is not understood. Write <number>/<number of jobs>, such as 2/8; numbers start at 1.`);
}

export const formatShard = ({ index, count }: Shard): string => `${index}/${count}`;

/**
 * Whether a repository is in a shard. Its name alone decides: the first 32 bits of the SHA-256 of the name in UTF-8, as a big-endian number,
 * modulo `count`, plus 1. So the shards of a matrix cover each repository exactly once whatever each job sees of the registry, and a job can
 * be run again. This must not change: jobs of one matrix may run different versions.
 */
export function inShard(repository: string, { index, count }: Shard): boolean {
  return (createHash("sha256").update(repository, "utf8").digest().readUInt32BE(0) % count) + 1 === index;
}
