import type { Raw } from "../resources/declaration";

/** An object on the registry that becomes a resource. */
export interface Found {
  /** The resource's kind: `Repository`. */
  readonly kind: string;
  /** What the resource's documentation calls its id. */
  readonly id: string;
  /** Inputs that the id does not tell. */
  readonly given?: Raw;
  /** What it is called, for names and messages: `acme/api`. */
  readonly label: string;
  readonly section: Section;
  /** Groups what belongs together within a section: a repository's path. Default: the section's beginning. */
  readonly under?: string;
}

/** A part of the program, with a heading. */
export interface Section {
  /** Sections stand in this order, then by title. */
  readonly rank: number;
  readonly title: string;
  /** What a reader must know of its resources. */
  readonly remark?: string;
}

/** The same, read: what the state will hold of it. */
export interface Existing extends Found {
  /** `dtr:Repository`. */
  readonly type: string;
  readonly inputs: Raw;
  readonly outputs: Raw;
  /** Names among inputs and outputs that must be kept encrypted. */
  readonly secretNames: readonly string[];
  /** Names of inputs that must not stand in a program. */
  readonly secretInputs: readonly string[];
  /** Inputs that need not be declared, because leaving them out means the same. */
  readonly defaults: Raw;
}
