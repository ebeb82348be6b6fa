import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type * as Yaml from "yaml";
import { splitPatterns } from "./patterns";
import type { KeepList } from "./policy";
import { PolicyError } from "./policy-error";
import { type Finding, findReferences, isReference, type Named, nothingNamed } from "./references";

/** Larger files are hardly lists of images. */
export const keepListLimit = 64 * 1024 * 1024;

export interface KeepListOptions {
  /** Digests (count for every repository) and references, one by one or as a text divided by new lines and commas. */
  readonly keepDigests?: string | readonly string[];
  /** Paths of files in which every image reference counts: JSON, YAML or text. One by one or as a text divided by new lines and commas. */
  readonly keepList?: string | readonly string[];
  /** Host of the registry, with port if there is one: references of others do not count. `ImageRegistry.name`. */
  readonly registry: string;
  /** Where relative paths start. */
  readonly workspace: string;
  /** Default: reads the file system. */
  readonly readFile?: (file: string) => Promise<Uint8Array>;
  /** How the two settings are called in messages. Default `keepDigests` and `keepList`. */
  readonly name?: (key: "keepDigests" | "keepList") => string;
}

export interface ReadKeepList {
  readonly keep: KeepList;
  /** Files in which nothing was found. */
  readonly warnings: readonly string[];
  /** What was found in each file. */
  readonly notes: readonly string[];
}

/**
 * What must stay, from keep-digests and keep-lists. In JSON and YAML (also of several documents) every text counts at any depth, keys and texts
 * within texts too; in all other files every word. Throws PolicyError for a file that cannot be read, is too large, or is broken JSON or YAML: half a
 * list would keep half of what it should.
 */
export async function readKeepList(options: KeepListOptions): Promise<ReadKeepList> {
  const name = options.name ?? ((key) => key);
  const all = nothingNamed();
  const warnings: string[] = [];
  const notes: string[] = [];
  for (const text of entries(options.keepDigests)) {
    if (!isReference(text)) {
      throw new PolicyError(
        name("keepDigests"),
        `${JSON.stringify(text)} is neither a digest (sha256:…) nor a reference with a tag or digest (registry.example.com/team/app:1.0). Correct it.`,
      );
    }
    const named = nothingNamed();
    findReferences(text, { registry: options.registry, words: true }, named);
    if (named.elsewhere.size > 0)
      warnings.push(`${name("keepDigests")}: ${text} is of another registry than ${options.registry} and keeps nothing.`);
    merge(named, all);
  }
  for (const file of entries(options.keepList)) {
    const named = await readNamed(file, options, name("keepList"));
    const found = named.digests.size + named.references.size;
    const others = named.elsewhere.size > 0 ? `; ${named.elsewhere.size} of other registries do not count` : "";
    if (found === 0) warnings.push(`${name("keepList")}: ${file} names no image of ${options.registry} and no digest${others}.`);
    else notes.push(`${name("keepList")}: ${file} names ${named.references.size} images and ${named.digests.size} digests${others}.`);
    merge(named, all);
  }
  return { keep: { digests: [...all.digests].sort(), references: sorted(all.references) }, warnings, notes };
}

function entries(given: string | readonly string[] | undefined): readonly string[] {
  return typeof given === "string" ? splitPatterns(given) : (given ?? []);
}

function merge(named: Named, all: Named): void {
  for (const digest of named.digests) all.digests.add(digest);
  for (const [key, reference] of named.references) all.references.set(key, reference);
}

const sorted = (references: Named["references"]): KeepList["references"] =>
  [...references].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, reference]) => reference);

async function readNamed(file: string, options: KeepListOptions, where: string): Promise<Named> {
  const read = options.readFile ?? readFile;
  let bytes: Uint8Array;
  try {
    bytes = await read(path.resolve(options.workspace, file));
  } catch (error) {
    throw new PolicyError(
      where,
      `the file ${file} cannot be read (${error instanceof Error ? error.message : String(error)}). Relative paths start at ${options.workspace}. What it should keep is unknown, so nothing goes.`,
      { cause: error },
    );
  }
  if (bytes.byteLength > keepListLimit) {
    throw new PolicyError(
      where,
      `the file ${file} has ${bytes.byteLength} bytes: at most ${keepListLimit} are read. Give the part that names images.`,
    );
  }
  const named = nothingNamed();
  readText(decode(bytes), file, { registry: options.registry, words: false }, named, where);
  return named;
}

/** PowerShell writes UTF-16 by default. */
function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function readText(text: string, file: string, finding: Finding, named: Named, where: string): void {
  const values = valuesOf(text, file, where);
  if (values === undefined) findReferences(text, { ...finding, words: true }, named);
  else for (const value of values) visit(value, (part) => findReferences(part, finding, named));
}

/** What a file of JSON or YAML holds; undefined for other text. */
function valuesOf(text: string, file: string, where: string): readonly unknown[] | undefined {
  if (/\.ya?ml$/i.test(file)) return yamlValues(text, file, where);
  return looksLikeJson(text, file) ? jsonValues(text, file, where) : undefined;
}

const looksLikeJson = (text: string, file: string): boolean => /\.json$/i.test(file) || /^\s*[{[]\s*(?:["{[\]}]|$)/.test(text);

/** One value, or one on each line. */
function jsonValues(text: string, file: string, where: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    try {
      if (lines.length > 1) return lines.map((line): unknown => JSON.parse(line));
    } catch {
      // What the whole file said is the better message.
    }
    throw broken(file, "JSON", error, where);
  }
}

/** Aliases may repeat what is kept, but not without bound. */
const mostAliases = 10_000;

function yamlValues(text: string, file: string, where: string): readonly unknown[] {
  // Loaded only where there is such a file: a run without one gets to its first request sooner.
  const { parseAllDocuments } = require("yaml") as typeof Yaml;
  return parseAllDocuments(text, { uniqueKeys: false, logLevel: "silent" }).map((document): unknown => {
    const [error] = document.errors;
    if (error !== undefined) throw broken(file, "YAML", error, where);
    try {
      return document.toJS({ maxAliasCount: mostAliases });
    } catch (cause) {
      throw broken(file, "YAML", cause, where);
    }
  });
}

function broken(file: string, what: string, cause: unknown, where: string): PolicyError {
  const message = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
  return new PolicyError(
    where,
    `the file ${file} is broken ${what} (${message}). Perhaps it is cut off or still a template. What it should keep is unknown, so nothing goes.`,
    { cause },
  );
}

/** Calls `use` with every text in a value, however deep; keys are texts, too. */
function visit(value: unknown, use: (text: string) => void): void {
  const rest: unknown[] = [value];
  const seen = new Set<object>(); // aliases of YAML are one object at many places
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next === "string") use(next);
    else if (typeof next === "object" && next !== null && !seen.has(next)) {
      seen.add(next);
      if (Array.isArray(next)) for (const item of next) rest.push(item);
      else for (const [key, item] of Object.entries(next)) rest.push(key, item);
    }
  }
}
