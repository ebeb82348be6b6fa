import { fillIn } from "./message";
import { plainValue, UNKNOWN } from "./unknown-value";

/** What is wrong with a resource, and what makes it right where that is safe to do for the program. */
export interface Violation {
  readonly message: string;
  /** Inputs to set, for the level `remediate`. */
  readonly fix: Readonly<Record<string, unknown>>;
}

/** What the policy SDK tells of a resource, as far as rules need it. */
export interface Facts {
  readonly type: string;
  readonly urn: string;
  readonly props: object;
  /** What stands for the server, where the engine says it: its address, else the URN of the provider. */
  readonly server?: string | undefined;
  /** By property: the URNs of the resources that its value comes from. Stack rules only. */
  readonly origins?: Readonly<Record<string, readonly string[]>>;
}

type Reader<T> = (value: unknown) => T;
type Readers = Readonly<Record<string, Reader<unknown>>>;
type Values<R extends Readers> = { readonly [K in keyof R]: ReturnType<R[K]> };

export const text: Reader<string | undefined> = (value) => (typeof value === "string" ? value : undefined);
export const flag: Reader<boolean> = (value) => value === true;
export const count: Reader<number> = (value) => (typeof value === "number" ? value : 0);
/** A record of texts; its values may be {@link UNKNOWN}. */
export const record: Reader<Readonly<Record<string, unknown>>> = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};

const PREFIX = "pulumi-nodejs:dynamic/";

/** `dtr:Repository` of the type token of one of this package's resources; undefined for every other type. */
export const shortType = (token: string): string | undefined => (token.startsWith(PREFIX) ? token.slice(PREFIX.length) : undefined);
export const longType = (type: string): string => `${PREFIX}${type}`;

/** A resource as a rule sees it. All reading of properties goes through {@link Subject.when} or {@link Subject.read}. */
export class Subject {
  readonly type: string;
  readonly urn: string;
  readonly violations: Violation[] = [];
  readonly #facts: Facts;
  readonly #unknown = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
    this.type = shortType(facts.type) ?? facts.type;
    this.urn = facts.urn;
  }

  /** Name of the stack: `urn:pulumi:<stack>::<project>::…`. */
  get stack(): string {
    return this.urn.split("::", 1)[0]?.replace(/^urn:pulumi:/, "") ?? "";
  }

  get server(): string {
    return this.#facts.server ?? "";
  }

  /** Properties that the rule asked for and that only `up` will know. */
  get unknown(): readonly string[] {
    return [...this.#unknown];
  }

  /** The resources that a property's value comes from. */
  origins(key: string): readonly string[] {
    return this.#facts.origins?.[key] ?? [];
  }

  /** The values, or undefined if one of them is not known yet. */
  read<R extends Readers>(readers: R): Values<R> | undefined {
    const found = Object.keys(readers).map((key) => [key, plainValue(this.#facts.props, key)] as const);
    if (found.some(([, value]) => value === UNKNOWN)) return undefined;
    // Every key of the readers is in it, with what its reader gave.
    return Object.fromEntries(found.map(([key, value]) => [key, readers[key]?.(value)])) as Values<R>;
  }

  /** Judges values when they are known; else the rule is reported as not decided yet. */
  when<R extends Readers>(readers: R, judge: (values: Values<R>) => void): void {
    const values = this.read(readers);
    if (values) judge(values);
    else this.notKnown(Object.keys(readers));
  }

  /** Says that the rule cannot be decided before these are known. Those that are known are left out. */
  notKnown(keys: readonly string[]): void {
    for (const key of keys) if (plainValue(this.#facts.props, key) === UNKNOWN) this.#unknown.add(key);
  }

  /** `message`: one of the rule's, with the configuration's values for its placeholders. Never a property's: it may be a secret. */
  violates(message: string, values: Readonly<Record<string, string | number>> = {}, fix: Violation["fix"] = {}): void {
    this.violations.push({ message: fillIn(message, values), fix });
  }
}
