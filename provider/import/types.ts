import type { Connection, OpenOptions } from "../cleanup/connection";

/** What to read, and from where. */
export interface ImportOptions {
  readonly type: Connection["type"];
  readonly connection: Connection;
  /** Globs over object names (`team/app`, registry names, names of organizations and users …); `!` in front leaves out. Default: everything. */
  readonly include?: readonly string[];
  /** Kinds of resources (`Repository`, `Team` …). Default: all but `Tag` and `Settings`, which must be asked for. One-shot resources never. */
  readonly kinds?: readonly string[];
  /** How the registry is spoken to; `concurrency` (default 8) is the number of reads at a time. */
  readonly open?: OpenOptions;
  /** Gives up with the signal's reason. Nothing is changed on the server at any point. */
  readonly signal?: AbortSignal;
  /** Called for each kind as its objects are found and read. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Warnings, one line each, free of secrets. */
  readonly log?: (line: string) => void;
}

/** How far the import is with one kind of resource. */
export interface ImportProgress {
  readonly kind: string;
  readonly done: number;
  /** Not known while the objects are being listed. */
  readonly total?: number;
}

/** What was found, in the two forms that Pulumi needs. */
export interface ImportResult {
  /** For `pulumi import --file FILE --generate-code=false`. Holds what the server shows: treat it like the stack's state. */
  readonly importFile: object;
  /** The text of `index.ts`: the same resources as a program. */
  readonly program: string;
  /** Configuration secrets that the program requires (`pulumi config set --secret KEY`). Set them before the import. */
  readonly secrets: readonly ImportSecret[];
  readonly resources: readonly ImportedResource[];
  /** What is not imported, and why. */
  readonly skipped: readonly SkippedObject[];
}

export interface ImportSecret {
  readonly key: string;
  readonly comment: string;
}

export interface ImportedResource {
  /** The type token: `pulumi-nodejs:dynamic/dtr:Repository`. */
  readonly type: string;
  readonly name: string;
  readonly id: string;
}

export interface SkippedObject {
  readonly what: string;
  readonly why: string;
}
