/** What a case says, and the short ways to write one. */
import type { PolicySettings } from "../../../provider/policies";

export const NOW = Date.UTC(2030, 0, 1, 12);
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const UNKNOWN_FLAG = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
export const UNKNOWN_RECORD = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";

export type Props = Readonly<Record<string, unknown>>;

export interface One {
  readonly type: string;
  readonly props: Props;
  /** URN of the provider. Default: the module's default one. */
  readonly provider?: string;
  /** Address of the server in the provider's configuration. Default: it is not there. */
  readonly url?: string;
  /** By property: indexes of the resources of the case that its value comes from. */
  readonly from?: Readonly<Record<string, readonly number[]>>;
}

export interface Case {
  readonly rule: keyof PolicySettings;
  readonly what: string;
  readonly resources: readonly One[];
  readonly configuration?: object;
  readonly stack?: string;
  /** Keys of the rule's messages, by the number of the resource. Default: nothing is said. */
  readonly says?: readonly (readonly [resource: number, message: string])[];
  /** Properties that are reported as not known, by the number of the resource. */
  readonly unknown?: readonly (readonly [resource: number, key: string])[];
  /** The corrected inputs of a violating resource. */
  readonly corrected?: Props;
  /** What the level `remediate` makes of the inputs. */
  readonly fixed?: Props;
  /** The resource itself refuses such inputs, too. */
  readonly refused?: true;
}

/** One resource that violates a rule by one message, and the same corrected. */
export const wrong = (
  rule: Case["rule"],
  what: string,
  type: string,
  props: Props,
  message: string,
  corrected: Props,
  more: Partial<Case> = {},
): Case => ({ rule, what, resources: [{ type, props }], says: [[0, message]], corrected, ...more });

/** One resource that a rule has nothing against. */
export const right = (rule: Case["rule"], what: string, type: string, props: Props, more: Partial<Case> = {}): Case => ({
  rule,
  what,
  resources: [{ type, props }],
  ...more,
});

/** One resource that cannot be judged before `up`. */
export const later = (
  rule: Case["rule"],
  what: string,
  type: string,
  props: Props,
  keys: readonly string[],
  more: Partial<Case> = {},
): Case => ({
  rule,
  what,
  resources: [{ type, props }],
  unknown: keys.map((key) => [0, key]),
  ...more,
});
