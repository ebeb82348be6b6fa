import { compilePatterns } from "../cleanup/policy/patterns";
import { RegistryError } from "../http";
import { mapConcurrently } from "../registries/oci/concurrency";
import type { Found } from "./found";
import type { ImportOptions, SkippedObject } from "./types";

/** Requests in flight at a time, where nothing else is asked for. */
const CONCURRENCY = 8;

/** What is looked for, and what was found so far. */
export class Survey {
  readonly found: Found[] = [];
  readonly skipped: SkippedObject[] = [];
  readonly signal: AbortSignal;
  private readonly matches: (name: string) => boolean;
  private readonly counts = new Map<string, number>();
  /** Globs that no name has matched so far. */
  private readonly missed = new Map<string, (name: string) => boolean>();

  /** `kinds`: those that are asked for. Throws PolicyError for globs that are none. */
  constructor(
    private readonly options: Pick<ImportOptions, "include" | "onProgress" | "open" | "signal">,
    private readonly kinds: ReadonlySet<string>,
    /** Whether the server still takes the credentials; left out where a 401 is never about rights alone. */
    private readonly isWelcome?: () => Promise<boolean>,
  ) {
    const patterns = options.include ?? [];
    this.matches = patterns.length === 0 ? () => true : compilePatterns({ syntax: "glob", patterns }, "include", "repositories");
    for (const pattern of patterns.filter((text) => !text.startsWith("!")))
      this.missed.set(pattern, compilePatterns({ syntax: "glob", patterns: [pattern] }, "include", "repositories"));
    this.signal = options.signal ?? new AbortController().signal;
  }

  /** Whether one of these kinds is asked for. */
  wants(...kinds: readonly string[]): boolean {
    return kinds.some((kind) => this.kinds.has(kind));
  }

  /** Whether the globs let an object of this name in. */
  includes(name: string): boolean {
    for (const [pattern, matches] of this.missed) if (matches(name)) this.missed.delete(pattern);
    return this.matches(name);
  }

  /** Globs that let in nothing of what was found: misspelt, perhaps. */
  unmatched(): readonly string[] {
    return [...this.missed.keys()];
  }

  /** Takes an object in, if its kind and its name are asked for. `name` is what the globs are held against; default: the label. */
  add(object: Found, name = object.label): void {
    if (!this.wants(object.kind) || !this.includes(name)) return;
    this.found.push(object);
    this.progress(object.kind, 1);
  }

  skip(what: string, why: string): void {
    this.skipped.push({ what, why });
  }

  /** Reads a list that the user may not be allowed to read: then it is empty, and the reason is told. */
  async list<T>(what: string, items: AsyncIterable<T> | Promise<readonly T[]>): Promise<readonly T[]> {
    try {
      return Symbol.asyncIterator in items ? await Array.fromAsync(items) : await items;
    } catch (error) {
      const why = await this.reasonToSkip(error);
      if (why === undefined) throw error;
      this.skip(what, why);
      return [];
    }
  }

  /** Leaves out what was found twice: the server may list an object under two keys. */
  unique(): void {
    const seen = new Set<string>();
    const once = this.found.filter(({ kind, id }) => !seen.has(`${kind} ${id}`) && seen.add(`${kind} ${id}`));
    this.found.length = 0;
    // One by one: a call does not take that many arguments.
    for (const object of once) this.found.push(object);
  }

  /** Does something for each, a bounded number at a time. */
  async each<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
    await mapConcurrently(items, this.options.open?.concurrency ?? CONCURRENCY, async (item) => {
      this.signal.throwIfAborted();
      await run(item);
    });
  }

  /**
   * Why one object or one list may be left out while the import goes on: the server knows the user and refuses this, or has no such thing. Undefined
   * for all else, wrong credentials and lost connections among it, which end the import: a file that lacks half of the registry would look complete.
   */
  async reasonToSkip(error: unknown): Promise<string | undefined> {
    if (!(error instanceof RegistryError) || error.kind !== "status") return undefined;
    const why = refusal(error);
    if (why !== undefined || error.status !== 401 || !this.isWelcome) return why;
    return (await this.isWelcome()) ? `this user may not read it (${error.message})` : undefined;
  }

  private progress(kind: string, more: number): void {
    const done = (this.counts.get(kind) ?? 0) + more;
    this.counts.set(kind, done);
    this.options.onProgress?.({ kind, done: 0, total: done }); // found, not yet read
  }
}

/** An error that says that the server knows the user and refuses this, or has no such thing. A bare 401 says neither. */
function refusal(error: RegistryError): string | undefined {
  const refused = error.status === 403 || (error.status === 401 && /NOT_AUTHORIZED|DENIED/.test(error.code ?? ""));
  if (refused) return `this user may not read it (${error.message})`;
  if (error.status === 404 || error.status === 405 || error.status === 501) return `the server does not have it (${error.message})`;
  return undefined;
}
