import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { HttpClock } from "../http";

/** One zod schema for each property of T: the interface documents, the shape validates, the compiler keeps them equal. */
export type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/** What a program may pass for T: every value, at every depth, plain or as an output of something else. */
export type Args<T> = { [K in keyof T]: Arg<T[K]> };
type Arg<T> = T extends readonly (infer U)[]
  ? pulumi.Input<pulumi.Input<Arg<U>>[]>
  : T extends string // also `string & {}`, which stands for "any other text" beside known ones, and which the compiler calls an object
    ? pulumi.Input<T>
    : T extends object
      ? pulumi.Input<Args<T>>
      : pulumi.Input<T>;

/** How long each operation of a resource may take, as durations such as `90s`, `10m` or `1h`. */
export interface Timeouts {
  /** Until the object is made and ready. */
  create?: string;
  /** Until a change is made. */
  update?: string;
  /** Until the object is gone. */
  delete?: string;
  /** For a look at the object (`refresh`, `.get`). */
  read?: string;
}

/** Inputs that every resource has. */
export interface CommonInputs {
  /** Take over an object that already exists instead of failing on it. Default `false`. */
  adopt?: boolean;
  /** How long each operation may take. Defaults are the resource's own. */
  timeouts?: Timeouts;
}

/** What a resource's functions get beside their arguments. */
export interface Context<Client> {
  readonly client: Client;
  /** Aborted when the operation's time is over. */
  readonly signal: AbortSignal;
  /** When that is, in milliseconds since 1970. */
  readonly deadline: number;
  readonly clock: HttpClock;
  /** Tells the person who waits what is going on. */
  readonly log: (line: string) => void;
}

/** What is left of an operation's time, in the form that waiting functions take. */
export const remaining = ({ deadline, signal, clock }: Context<unknown>): { deadline: number; signal: AbortSignal; clock: HttpClock } => ({
  deadline: Math.max(0, deadline - clock.now()),
  signal,
  clock,
});

/** A create that was begun by this very resource of this very stack and whose end nobody saw: the engine was killed, or the answer was lost. */
export interface Attempt {
  /** Unguessable and unique to the attempt: what carries it on the server is ours. */
  readonly nonce: string;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Id of what was made, if the server had told it. */
  readonly id?: string;
  /** Writes the id down before anything else is done to the new object. */
  created(id: string): void;
  /** What this attempt, or one on the same object that was cut off before it, wrote down by `note`. */
  readonly noted?: unknown;
  /** Writes down, as JSON and without secrets, what the next attempt cannot find out any more if this one is cut off: what was there before it. */
  note(value: unknown): void;
}

export type Creation<Outputs> = { readonly id: string; readonly outputs: Outputs };

/** The state that a resource may rely on: whole after create, perhaps empty in `.get`. */
export type Last<Inputs, Outputs> = Readonly<Partial<Inputs & Outputs>>;

/** A resource type, declared once: what it takes, what it gives, and how it lives on the server. */
export interface Declaration<Inputs extends CommonInputs, Outputs extends object, Client> {
  /** `module:Type`. Stored in users' state: never changes. */
  readonly type: `${string}:${string}`;
  readonly module: Module<Client>;
  readonly inputs: Shape<Omit<Inputs, keyof CommonInputs>>;
  readonly outputs: Shape<Outputs>;
  /** Inputs that cannot change in place. */
  readonly replaceOn?: readonly (keyof Inputs & string)[];
  /** Inputs that only say how the resource is handled (`forceDelete`): a change of them alone is written to the state and sends nothing. */
  readonly handling?: readonly (keyof Inputs & string)[];
  /** Outputs that are secret whatever they were made from. */
  readonly secrets?: readonly (keyof Outputs & string)[];
  /** Inputs that are secret however the program passes them: encrypted in the state, never printed, not even in a check failure. */
  readonly secretInputs?: readonly (keyof Inputs & string)[];
  /** Defaults of `timeouts`. */
  readonly timeouts?: Timeouts;
  /** Why this type cannot be adopted, if it cannot: `adopt: true` is then a check failure with this text. */
  readonly notAdoptable?: string;
  /** Rules across properties; asked only when everything is known. */
  readonly rules?: (inputs: Inputs, now: number) => readonly Failure[];
  /**
   * Changes of an existing object that no call can make: failures, so that a preview stops at them. `last` are the inputs of the last `up` or
   * `refresh`. Asked only when everything is known.
   */
  readonly unchangeable?: (last: Readonly<Partial<Inputs>>, inputs: Inputs) => readonly Failure[];
  /** Equality of values that are written in several ways. Default: deep equality. */
  readonly same?: { readonly [K in keyof Inputs]?: (old: Inputs[K], now: Inputs[K]) => boolean };
  /** A reason to update although no input changed: a secret that is due, an object that is not ready. */
  readonly due?: (last: Inputs & Outputs, now: number) => string | undefined;
  /**
   * Whether a replacement deletes the old object before it makes the new one. Default: where both have the same key. `true` where two keys may name one
   * object (a team and its new name), `false` where objects of one key live side by side (tokens of one label).
   */
  readonly deleteBeforeReplace?: boolean;
  /** What the object is called on the server, for messages, and so that two resources with one key are known to be one object. */
  readonly key: (inputs: Readonly<Inputs>) => string;
  /** Id of the object that these inputs name, if it exists. Left out where nothing can be in the way. */
  readonly find?: (context: Context<Client>, inputs: Inputs) => Promise<string | undefined>;
  /** Id of what an unfinished attempt made. Default: `find`, because an attempt begins only when nothing was there. */
  readonly resume?: (context: Context<Client>, inputs: Inputs, attempt: Attempt) => Promise<string | undefined>;
  readonly create: (context: Context<Client>, inputs: Inputs, attempt: Attempt) => Promise<Creation<Outputs>>;
  /** Makes an existing object as declared. */
  readonly adopt?: (context: Context<Client>, id: string, inputs: Inputs) => Promise<Outputs>;
  /** The object as it is now, or undefined if it is gone. In `.get`, `last` holds only what the program gave. */
  readonly read: (context: Context<Client>, id: string, last: Last<Inputs, Outputs>) => Promise<Partial<Inputs & Outputs> | undefined>;
  /** Left out where every change replaces. Also called when `due`, and when the last create or update was incomplete. */
  readonly update?: (context: Context<Client>, id: string, inputs: Inputs, last: Inputs & Outputs) => Promise<Outputs>;
  /** Must succeed if the object is already gone. */
  readonly delete: (context: Context<Client>, id: string, last: Inputs & Outputs) => Promise<void>;
  /** Version of the state that this declaration writes. Default 1. */
  readonly schemaVersion?: number;
  /** Turns state of version N into N + 1: `upgrades[N]`. */
  readonly upgrades?: { readonly [version: number]: (state: Raw) => Raw };
}

/** A check failure: `property` is empty where its value must not be printed. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export type Raw = Record<string, unknown>;

/** An API behind several resource types: its configuration and its client. */
export interface Module<Client> {
  /** Namespace of its configuration keys: `oci:url`. */
  readonly name: string;
  readonly connect: (settings: Settings) => Promise<Client>;
  /** Which server a client speaks to: the same name on another server is another object. */
  readonly server: (client: Client) => string;
}

/** Where a client's configuration comes from. */
export interface Settings {
  /** Of an explicit provider or of the stack's configuration. */
  get(key: string): string | undefined;
  /** True where an explicit provider was given: then the environment is not asked for credentials. */
  readonly explicit: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: the system's. */
  readonly clock?: HttpClock;
}
