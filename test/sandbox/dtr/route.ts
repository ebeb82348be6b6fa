import type { SandboxRequest, SandboxResponse } from "../contract";
import { accountOf, repositoryOf } from "./access";
import type { AccessLevel } from "./accounts-model";
import type { Call } from "./call";
import { Refusal, refusal } from "./errors";
import type { World } from "./world";

/**
 * Who may send a request. `anybody`: without credentials, too; `user`: with good ones; `admin`: system administrators. `repository`: who may do
 * that much in the repository of `{namespace}` and `{repository}` (public ones are read by anybody). `namespace`: members or administrators of
 * the account of `{namespace}`; `organization`: members or owners of `{organization}`.
 */
export type Rule =
  | "anybody"
  | "user"
  | "admin"
  | { readonly repository: AccessLevel }
  | { readonly namespace: "member" | "admin" }
  | { readonly organization: "member" | "owner" };

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v0/repositories/{namespace}/{repository}`. */
  readonly path: string;
  readonly who: Rule;
  /** True for what lists: it plays the fault `stale-list`. */
  readonly list?: true;
  /** Throws a `Refusal` for an error. */
  readonly run: (call: Call) => SandboxResponse | Promise<SandboxResponse>;
}

export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the route of a request: literal parts go before parts in braces. Throws 404 for an unknown path and 405 `NOT_ALLOWED` for another method. */
export function routing(routes: readonly Route[]): (request: Pick<SandboxRequest, "method" | "rawPath">) => Match {
  const compiled = routes
    .map((route) => ({ route, segments: route.path.split("/") }))
    .sort((a, b) => (specificity(a.segments) < specificity(b.segments) ? -1 : 1));
  return ({ method, rawPath }) => {
    // A slash at the end of a collection is taken, as clients send it.
    const given = rawPath.replace(/(?<=.)\/$/, "").split("/");
    const matches = compiled.flatMap(({ route, segments }) => {
      const parameters = match(segments, given);
      return parameters ? [{ route, parameters }] : [];
    });
    const found = matches.find(({ route }) => route.method === method);
    if (found) return found;
    throw matches.length > 0 ? refusal("NOT_ALLOWED") : new Refusal(404, "NOT_FOUND", "There is nothing at this path.");
  };
}

/** Throws the refusal when the caller may not. */
export function permit(call: Call, who: Rule): void {
  if (who === "anybody") return;
  const { principal, world } = call;
  if (typeof who === "object" && "repository" in who && (principal.user || world.switches.anonymous === "public")) {
    repositoryOf(call, who.repository);
    return;
  }
  if (!principal.user) throw refusal("NOT_AUTHENTICATED");
  if (who === "user") return;
  if (who === "admin") {
    if (!principal.user.isAdmin) throw refusal("NOT_AUTHORIZED");
  } else if ("namespace" in who) accountOf(call, "namespace", who.namespace);
  else if ("organization" in who) accountOf(call, "organization", who.organization);
}

/** Dates as DTR writes them: RFC 3339, UTC, nanoseconds. Never is Go's zero time, or by the switch an empty text. */
export function dateText({ switches }: World, date: Date | undefined): string {
  if (date) return date.toISOString().replace("Z", "123456Z");
  return switches.never === "zero" ? "0001-01-01T00:00:00Z" : "";
}

/** A list in a body: by the switch `emptyLists`, Go's null when there is nothing in it. */
export function listed<T>({ switches }: World, items: readonly T[]): readonly T[] | null {
  return items.length === 0 && switches.emptyLists === "null" ? null : items;
}

/** The answer to a DELETE of what is not there: 204, or by the switch `deleteAbsent` the error. */
export function absent({ switches }: World, error: Refusal): SandboxResponse {
  if (switches.deleteAbsent === "404") throw error;
  return { status: 204 };
}

function specificity(segments: readonly string[]): string {
  return segments.map((segment) => (segment.startsWith("{") ? "1" : "0")).join("");
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const value = given[at] ?? "";
    const [, name] = /^\{(.+)\}$/.exec(segment) ?? [];
    if (name === undefined) {
      if (segment !== value) return undefined;
      continue;
    }
    const decoded = decode(value);
    if (decoded === undefined || decoded === "") return undefined;
    parameters[name] = decoded;
  }
  return parameters;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
