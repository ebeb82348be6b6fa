import type { Readable, Writable } from "node:stream";
import type { Environment } from "../environment";

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };
export type Input = Readable & { readonly isTTY?: boolean };

/** A running sandbox, as far as it is used here. */
export interface RunningSandbox {
  readonly info: object;
  close(): Promise<void>;
}

/** What the command line has around it. */
export interface World {
  readonly env: Environment;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Eight random bytes. */
  readonly random: () => Uint8Array;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Ends what runs after the request in flight. */
  readonly signal: AbortSignal;
  /** How the process ends after that: 130 or 143. Undefined while nothing was interrupted. */
  readonly interruption: () => number | undefined;
  /** There is no time left to wait even for that. */
  readonly hurry: AbortSignal;
  /** The package's own simulators, which are no part of this bundle. */
  readonly startSandbox: (options: object) => Promise<RunningSandbox>;
}
