import type { SandboxRequest } from "../contract";
import { Refusal } from "./refusal";
import type { Principal } from "./users";
import type { World } from "./world";

/** One request to an operation, after routing and authorization. */
export interface Call {
  readonly world: World;
  readonly principal: Principal;
  readonly request: SandboxRequest;
}

/** Gives the answer beside `error: null`, or throws a `Refusal`. */
export type Operation = (call: Call) => object | Promise<object>;

/**
 * An argument, from the query only: what a body holds counts nowhere. Names are taken in any case, since the vendor's table says `tagName` and
 * its sample `tagname`. An empty value is none.
 */
export function argument({ request }: Call, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const [, value] = [...request.query].find(([given]) => given.toLowerCase() === wanted) ?? [];
  return value || undefined;
}

export function required(call: Call, name: string): string {
  const value = argument(call, name);
  if (value === undefined) throw new Refusal(`The argument ${name} is required.`);
  return value;
}

export function natural(call: Call, name: string): number | undefined {
  const text = argument(call, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(`The value '${text}' is not valid for ${name}.`);
  return Number(text);
}

export function flag(call: Call, name: string): boolean | undefined {
  const text = argument(call, name)?.toLowerCase();
  if (text !== undefined && text !== "true" && text !== "false") throw new Refusal(`The value '${text}' is not valid for ${name}.`);
  return text === undefined ? undefined : text === "true";
}
