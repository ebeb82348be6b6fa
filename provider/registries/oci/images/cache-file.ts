import { mkdir, open, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../../../http/failure";
import { type ManifestCache, type MemoryCacheOptions, memoryCache } from "./cache";
import { cacheVersion, parseLine, type Record, recordLine } from "./cache-line";

/** What is needed of `node:fs/promises`. */
export interface CacheFileSystem {
  readonly mkdir: (path: string, options: { readonly recursive: true }) => Promise<unknown>;
  readonly stat: (path: string) => Promise<{ readonly size: number }>;
  readonly readFile: (path: string) => Promise<Buffer>;
  readonly writeFile: (path: string, data: string) => Promise<unknown>;
  readonly rename: (from: string, to: string) => Promise<unknown>;
  /** Adds at the end of a file, wherever that is by then. */
  readonly append: (path: string, data: string) => Promise<unknown>;
}

export interface ManifestCacheOptions extends MemoryCacheOptions {
  /** Bytes of the file, above which it is written anew with what was used last. Default 64 MiB, about 70,000 images. */
  readonly fileBytes?: number;
  /** Different text each time, for the name of a file that is being written. */
  readonly nonce: () => string;
  /** Told once if the directory cannot be read or written; the run goes on without. */
  readonly warn?: (line: string) => void;
  /** Default: the real one. */
  readonly fs?: CacheFileSystem;
}

const mebibyte = 1024 * 1024;
/** Characters that are written at a time. */
const portion = 256 * 1024;
const header = `${JSON.stringify({ "registry-as-code-manifests": cacheVersion })}\n`;

/**
 * A cache that lasts: `manifests.jsonl` in this directory, one line a fact, only ever added to, so that jobs that run side by side may share
 * it. Lines that are damaged are left out, a file of another version is begun anew. It holds digests, media types, sizes and dates, no names
 * of repositories or tags, and no secrets.
 *
 * The directory must be trusted: manifests were verified when they came from a registry, and what somebody writes into the file decides
 * what is kept and what is deleted. Do not share it with jobs of strangers, such as pull requests from forks.
 */
export async function openManifestCache(directory: string, options: ManifestCacheOptions): Promise<ManifestCache> {
  const { fs = realFileSystem, fileBytes = 64 * mebibyte, warn = () => undefined } = options;
  const path = join(directory, "manifests.jsonl");
  const memory = memoryCache(options);
  let pending: string[] = [];
  let size = 0;
  let writing: Promise<void> = Promise.resolve();
  let broken = false;

  const attempt = async (what: string, run: () => Promise<void>) => {
    if (broken) return;
    try {
      await run();
    } catch (error) {
      broken = true;
      warn(`The cache ${directory} cannot be ${what} and is not used: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const write = () => {
    const lines = pending;
    pending = [];
    size = 0;
    if (lines.length === 0) return;
    // Begins with a line break: the last line may be the beginning of one that a killed job could not finish.
    writing = writing.then(() => attempt("written", async () => void (await fs.append(path, `\n${lines.join("\n")}\n`))));
  };
  const add = (record: Record) => {
    if (broken) return;
    const line = recordLine(record);
    pending.push(line);
    size += line.length;
    if (size >= portion) write();
  };

  await attempt("read", async () => {
    await fs.mkdir(directory, { recursive: true });
    const records = await load(fs, path, fileBytes * 4);
    for (const record of records ?? []) remember(memory, record);
    if (records === undefined || (await fs.stat(path)).size > fileBytes) {
      const kept = records === undefined ? [] : newest(records, fileBytes / 2);
      const temporary = `${path}.${options.nonce()}`;
      await fs.writeFile(temporary, `${header}${kept.join("")}`);
      await fs.rename(temporary, path);
    }
  });
  return {
    ...memory,
    addManifest(manifest) {
      memory.addManifest(manifest);
      add({ is: "manifest", manifest });
    },
    addTime(config, time) {
      memory.addTime(config, time);
      add({ is: "time", config, time });
    },
    addSeenWhole(place, digest, time) {
      memory.addSeenWhole(place, digest, time);
      add({ is: "whole", place, digest, time });
    },
    addVisited(place) {
      if (memory.visited(place)) return;
      memory.addVisited(place);
      add({ is: "visited", place });
    },
    async flush() {
      write();
      await writing;
    },
  };
}

/** Undefined where there is no file that can be added to: none at all, one of another version, one that is far too large. */
async function load(fs: CacheFileSystem, path: string, limit: number): Promise<Record[] | undefined> {
  let bytes: Buffer;
  try {
    if ((await fs.stat(path)).size > limit) return undefined;
    bytes = await fs.readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  if (!bytes.subarray(0, header.length).equals(Buffer.from(header))) return undefined;
  const records: Record[] = [];
  for (let begin = header.length; begin < bytes.length; ) {
    const end = bytes.indexOf(10, begin);
    const line = bytes.toString("utf8", begin, end < 0 ? bytes.length : end);
    begin = end < 0 ? bytes.length : end + 1;
    const record = line === "" ? undefined : parseLine(line);
    if (record) records.push(record);
  }
  return records;
}

function remember(cache: ManifestCache, record: Record): void {
  if (record.is === "manifest") cache.addManifest(record.manifest);
  else if (record.is === "time") cache.addTime(record.config, record.time);
  else if (record.is === "whole") cache.addSeenWhole(record.place, record.digest, record.time);
  else cache.addVisited(record.place);
}

/** Lines of the last records, in their order, as many as go into so many bytes; each fact once. */
function newest(records: readonly Record[], bytes: number): string[] {
  const lines: string[] = [];
  const met = new Set<string>();
  let size = 0;
  for (let at = records.length - 1; at >= 0 && size < bytes; at--) {
    const record = records[at];
    if (!record) continue;
    const key = keyOf(record);
    if (met.has(key)) continue;
    met.add(key);
    const line = `${recordLine(record)}\n`;
    size += line.length;
    lines.push(line);
  }
  return lines.reverse();
}

function keyOf(record: Record): string {
  if (record.is === "manifest") return record.manifest.digest;
  if (record.is === "time") return `time ${record.config}`;
  return record.is === "whole" ? `${record.place} ${record.digest}` : record.place;
}

const realFileSystem: CacheFileSystem = {
  mkdir,
  stat,
  readFile: (path) => readFile(path),
  writeFile,
  rename,
  append: async (path, data) => {
    // O_APPEND: the system writes at the end even if another job has written meanwhile.
    const file = await open(path, "a");
    try {
      await file.write(data);
    } finally {
      await file.close();
    }
  },
};
