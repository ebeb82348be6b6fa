import { type Http, type HttpRequest, isConflict, isUnauthorized, RegistryError, redactor, revised } from "../../http";
import { oneLine } from "../../http/redact";
import { expand } from "../../http/route";
import { codeOf } from "./outcome";

/** The registry is offline: it collects garbage, or somebody set it offline. Never the same as "there is nothing". */
export const isOffline = (error: unknown): error is RegistryError => hasCode(error, "OFFLINE");

/** The user may not do that: no administrator, wrong token, or (401, 403) turned away before the API. */
export const isNotAuthorized = (error: unknown): error is RegistryError => hasCode(error, "NOTAUTHORIZED") || isUnauthorized(error);

/** What was to be created exists: EXISTS, or 409 where errors come with a status. */
export const isExisting = (error: unknown): error is RegistryError => isConflict(error);

/** Who speaks to which server: for messages. */
export interface Speaker {
  readonly http: Http;
  /** Undefined: anonymous. */
  readonly username?: string;
  /** What no message may repeat. */
  readonly secrets: readonly string[];
}

/** The error that an answer with `error` in it is. */
export function refusal({ http, username, secrets }: Speaker, request: HttpRequest, text: string): RegistryError {
  const code = codeOf(text);
  const shown = oneLine(redactor(secrets)(text));
  const facts = { method: request.method, route: request.route, url: urlOf(http, request), kind: "answer" } as const;
  if (code === undefined)
    return new RegistryError({ ...facts, fate: "answered", serverMessage: shown, problem: `the server says: ${shown}` });
  const who = username === undefined ? "nobody is logged in" : `user ${username} is not authorized`;
  const problem = { OFFLINE: "the registry is offline", NOTAUTHORIZED: who, EXISTS: "it exists already" }[code];
  // The first two turn a request away before it takes effect.
  const fate = code === "EXISTS" ? "answered" : "refused";
  return new RegistryError({ ...facts, fate, code, problem: `${problem} (${code})`, hint: hints[code](request) });
}

/** The error for a tag of which the server says `data: null`. */
export function noSuchTag({ http }: Speaker, request: HttpRequest): RegistryError {
  const facts = { method: request.method, route: request.route, url: urlOf(http, request), kind: "answer", fate: "answered" } as const;
  return new RegistryError({ ...facts, serverMessage: "null", problem: "there is no such tag, or this user may not read it" });
}

/** The same code where it comes with a failing status instead of 200. */
export function coded(error: unknown): unknown {
  if (!(error instanceof RegistryError) || error.kind !== "status") return error;
  const code = codeOf(error.code) ?? codeOf(error.serverMessage);
  if (code === undefined) return error;
  const { method, route } = error;
  return revised(error, { code, serverMessage: undefined, hint: hints[code]({ method, route }) });
}

type Asked = Pick<RegistryError, "method" | "route">;
const hints: Readonly<Record<"OFFLINE" | "NOTAUTHORIZED" | "EXISTS", (request: Asked) => string>> = {
  OFFLINE: () =>
    "This says nothing about what it holds. It collects garbage, then wait; or it was set offline: set it online in RegistryUI (Registry > Settings, Maintenance), or destroy the registryui.Maintenance that did it",
  NOTAUTHORIZED: ({ method, route }) =>
    method === "GET" && route !== "/isoffline"
      ? "Check user name and token (User > Token in RegistryUI; not the website's password), and that the user may read this"
      : "This call needs a user with administrator rights: check user name and token (User > Token in RegistryUI; not the website's password)",
  EXISTS: () => "RegistryUI has something at this path, perhaps something that this user may not see",
};

const hasCode = (error: unknown, code: string): error is RegistryError => error instanceof RegistryError && error.code === code;

const urlOf = ({ baseUrl }: Http, request: HttpRequest): string =>
  `${baseUrl.origin}${baseUrl.pathname.replace(/\/+$/, "")}${expand(request, true)}`;
