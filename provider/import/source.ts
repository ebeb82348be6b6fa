import type { Raw } from "../resources/declaration";
import type { Expression } from "./code";
import type { Lookup } from "./lookup";
import type { Survey } from "./survey";

/** How one API is read, and how its resources refer to each other in a program. */
export interface Source {
  /** Namespace of the resources: `dtr`. */
  readonly module: string;
  /** Kinds that are imported, in the order in which they stand in a section. */
  readonly kinds: readonly string[];
  /** Those of them that must be asked for. */
  readonly askedFor: readonly string[];
  /** The open client, which the resources' own reads use, too. */
  readonly client: unknown;
  /** Configuration that the program needs, credentials left out: key and value. */
  readonly configuration: Readonly<Record<string, string>>;
  /** Whether the server takes the credentials. Only for servers that answer 401 to who has no right as well. */
  isWelcome?(): Promise<boolean>;
  /** Finds what there is. */
  find(survey: Survey): Promise<void>;
  /** What others refer to a resource by; undefined where nobody does. */
  key(kind: string, inputs: Raw, id: string): string | undefined;
  /** Inputs that read better as a reference to another resource. */
  readonly references: References;
  /** Inputs and outputs as they shall be, where the read alone does not tell. */
  adjust?(kind: string, inputs: Raw, outputs: Raw): void;
  /** Resources that one must come after although no input refers to them. */
  after?(kind: string, inputs: Raw, lookup: Lookup): readonly Expression[];
  /** A comment for one resource. */
  remark?(kind: string, inputs: Raw): string | undefined;
  close(): Promise<void>;
}

export type References = Readonly<Record<string, Readonly<Record<string, Reference>>>>;

/** The expression for an input's value; undefined: the value itself. */
export type Reference = (value: unknown, inputs: Raw, lookup: Lookup) => unknown;
