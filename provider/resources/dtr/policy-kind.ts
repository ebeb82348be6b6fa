import { isDeepStrictEqual } from "node:util";
import type { CallOptions, DtrClient } from "../../registries/dtr";
import type { CommonInputs } from "../declaration";
import type { PolicyRule } from "./policy-rules";

/** The repository that a policy belongs to. */
export interface Place {
  readonly namespace: string;
  readonly repository: string;
}

/** One policy. */
export interface At extends Place {
  readonly id: string;
}

/** What a policy may take; each kind has its own of it, and describes them. */
export interface PolicyInputs extends CommonInputs {
  namespace: string;
  repository: string;
  enabled?: boolean;
  initialEvaluation?: boolean;
  rules?: PolicyRule[];
  password?: string;
  authToken?: string;
}

/** What the server adds to a policy. */
export interface PolicyOutputs {
  /** The server's own id of the policy, a UUID: the last part of the resource's id. */
  policyId: string;
}

type Signal = Pick<CallOptions, "signal">;

/** The calls of one kind of policy, and what the server shows of it. */
export interface PolicyKind<I extends PolicyInputs, F extends { readonly id: string }> {
  /** The resource's type, for messages. */
  readonly type: string;
  list(client: DtrClient, place: Place, options: Signal): Promise<readonly F[]>;
  get(client: DtrClient, at: At, options: Signal): Promise<F>;
  create(client: DtrClient, inputs: I, initialEvaluation: boolean, options: CallOptions<F>): Promise<F>;
  /** Sends what is in `changed`, and nothing else. */
  update(client: DtrClient, at: At, changed: Partial<I>, initialEvaluation: boolean, options: CallOptions<F>): Promise<F>;
  delete(client: DtrClient, at: At, options: Signal): Promise<void>;
  /** The inputs as the server has them: all but the credentials, which it never shows. */
  shown(found: F): Partial<I>;
  /** Equality of values that are written in several ways, as in the declaration. */
  readonly same?: { readonly [K in keyof I]?: (old: I[K], now: I[K]) => boolean };
}

/** Inputs that the server keeps to itself. */
export const credentialNames = ["password", "authToken"] as const;

/** Names of the inputs whose declared value is not the one that `now` has. What is not declared is not managed. */
export function differing<I extends PolicyInputs>(
  same: PolicyKind<I, { readonly id: string }>["same"],
  now: Readonly<Partial<I>>,
  inputs: Readonly<Partial<I>>,
): (keyof I & string)[] {
  const names = Object.keys(inputs) as (keyof I & string)[]; // an object of I has no other keys
  return names.filter((name) => {
    const [old, wanted] = [now[name], inputs[name]];
    if (wanted === undefined || isDeepStrictEqual(old, wanted)) return false;
    return old === undefined || !(same?.[name]?.(old as I[typeof name], wanted as I[typeof name]) ?? false); // neither is undefined here
  });
}

/** Inputs that no update sends: they name the policy, or say how it is handled. */
const unsent: readonly string[] = ["namespace", "repository", "initialEvaluation", "adopt", "timeouts"];

/** Some of the declared inputs, as far as an update can send them. */
export const sendable = <I extends PolicyInputs>(inputs: Readonly<I>, names: readonly (keyof I & string)[]): Partial<I> =>
  Object.fromEntries(
    names.filter((name) => inputs[name] !== undefined && !unsent.includes(name)).map((name) => [name, inputs[name]]),
  ) as Partial<I>; // entries of I
