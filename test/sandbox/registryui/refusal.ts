import type { SandboxResponse } from "../contract";
import type { World } from "./world";

/** Thrown by an operation to answer with an error: one of the vendor's codes, or free text. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** Seen only where the switch `errors` says so. */
    readonly status = 400,
  ) {
    super(message);
  }
}

export const notAuthorized = (known = true) => new Refusal("NOTAUTHORIZED", known ? 403 : 401);
export const offline = () => new Refusal("OFFLINE", 503);
export const exists = () => new Refusal("EXISTS", 409);

/** A list has `total`, `count` and `entries`, everything else `data`. */
export type Kind = "list" | "data";

/** The answer for an error of the Extended API. */
export function errorResponse(world: World, kind: Kind, { message, status }: Refusal): SandboxResponse {
  const challenge = status === 401 ? { headers: { "www-authenticate": 'Basic realm="RegistryUI"' } } : {};
  if (world.switches.errors === "html") return { ...challenge, ...page(status, message) };
  const empty = kind === "list" ? { total: 0, count: 0, entries: [] } : { data: null };
  const json = { error: message, ...(world.switches.errorData === "empty" ? empty : { data: false }) };
  return world.switches.errors === "200" ? { status: 200, json } : { status, json, ...challenge };
}

/** What a web server answers with when no program does. */
export function page(status: number, text: string, headers: Readonly<Record<string, string>> = {}): SandboxResponse {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: `<!DOCTYPE html>\n<html><head><title>RegistryUI</title></head><body><h1>${status}</h1><p>${text}</p></body></html>\n`,
  };
}
