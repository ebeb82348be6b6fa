import type { HttpRequest, QueryValue } from "./request";

/** A request's path cannot be built: a missing or empty parameter, a `..` segment. The text names the parameter, never its value. */
export class RouteError extends Error {
  override readonly name = "RouteError";
}

/**
 * Path and query of a request below the base path. With `mask`, parameters listed in `secretParameters` are shown as `***`.
 * Throws RouteError.
 */
export function expand(request: HttpRequest, mask = false): string {
  const secret = mask ? (request.secretParameters ?? []) : none;
  let path = "";
  for (const part of parts(request.route)) {
    path += typeof part === "string" ? part : secret.includes(part.name) ? "***" : segment(part, request);
  }
  return request.query === undefined ? path : path + queryString(request.query, secret);
}

const none: readonly string[] = [];

/** Literal text, or a parameter. */
type Part = string | { readonly name: string; readonly raw: boolean };

// Routes are constants of the API clients, so there are few; the bound only guards against routes that someone builds at run time.
const parsed = new Map<string, readonly Part[]>();
const parsedLimit = 2000;

function parts(route: string): readonly Part[] {
  const known = parsed.get(route);
  if (known !== undefined) return known;
  if (!route.startsWith("/")) throw new RouteError(`the route "${route}" must begin with "/"`);
  if (/[?#\s]/.test(route)) throw new RouteError(`the route "${route}" must be a path: no query, no fragment, no spaces`);
  const found = route.split(/(\{\+?\w+\})/).filter((text) => text !== "");
  const result = found.map((text): Part => {
    const parameter = /^\{(\+?)(\w+)\}$/.exec(text);
    if (parameter?.[2] !== undefined) return { name: parameter[2], raw: parameter[1] === "+" };
    if (/[{}]/.test(text)) throw new RouteError(`the route "${route}" has an unbalanced or empty {parameter}`);
    return text;
  });
  if (parsed.size >= parsedLimit) parsed.clear();
  parsed.set(route, result);
  return result;
}

const plainSegment = /^[\w-][\w.-]*$/;
const plainPath = /^[\w-][\w.:-]*(?:\/[\w-][\w.:-]*)*$/;

function segment(part: { readonly name: string; readonly raw: boolean }, request: HttpRequest): string {
  const value = request.path === undefined || !Object.hasOwn(request.path, part.name) ? undefined : request.path[part.name];
  if (typeof value !== "string" || value === "") throw new RouteError(`the path parameter "${part.name}" is missing or empty`);
  // What most are: nothing in it has a meaning in a path.
  if ((part.raw ? plainPath : plainSegment).test(value)) return value;
  // Also within an encoded segment: servers and proxies exist that decode first and normalise afterwards.
  if (/(?:^|[/\\])\.\.?(?:$|[/\\])/.test(value)) throw new RouteError(`the path parameter "${part.name}" has a "." or ".." segment`);
  if (!part.raw) return encode(part.name, value);
  const segments = value.split("/");
  if (segments.includes("")) throw new RouteError(`the path parameter "${part.name}" has an empty segment`);
  return segments.map((text) => encode(part.name, text).replaceAll("%3A", ":")).join("/");
}

function queryString(query: Readonly<Record<string, QueryValue>>, secret: readonly string[]): string {
  let text = "";
  const add = (name: string, value: string) => {
    text += `${text === "" ? "?" : "&"}${encodeURIComponent(name)}=${secret.includes(name) ? "***" : encode(name, value)}`;
  };
  for (const name of Object.keys(query)) {
    const value = query[name];
    if (value === undefined) continue;
    if (typeof value === "object") for (const one of value) add(name, one);
    else add(name, String(value));
  }
  return text;
}

function encode(name: string, value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    throw new RouteError(`the parameter "${name}" is not valid Unicode text`);
  }
}
