import { type Payload, payloadOf } from "./body";
import { type Call, givenUrl } from "./call";
import { defined } from "./defined";
import type { Failure } from "./failure";
import type { HttpRequest, RequestBody, Timeouts } from "./request";
import { expand, RouteError } from "./route";

/** A request, ready for the wire. */
export interface Prepared {
  readonly call: Call;
  readonly request: HttpRequest;
  /** Path and query as they are sent. */
  readonly path: string;
  /** Names in lower case, without what the authorizer adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: Payload;
  readonly timeouts: Timeouts;
  readonly success: (status: number) => boolean;
}

export interface Defaults {
  readonly userAgent: string;
  readonly timeouts: Timeouts;
}

/** Everything about a request that can be wrong before it is sent, and what stays the same in all its attempts. */
export function prepare(call: Call, defaults: Defaults, accept?: string): Prepared | Failure {
  const { request } = call;
  const path = pathOf(call);
  if (typeof path !== "string") return path;
  const payload = request.body === undefined ? undefined : readyPayload(request.body);
  if (payload !== undefined && "fate" in payload) return payload;
  const headers: Record<string, string> = { "user-agent": defaults.userAgent };
  if (accept !== undefined) headers.accept = accept;
  if (payload !== undefined) Object.assign(headers, payload.headers);
  for (const name in request.headers) headers[name.toLowerCase()] = request.headers[name] ?? "";
  return {
    call,
    request,
    path,
    headers,
    payload,
    timeouts: request.timeouts === undefined ? defaults.timeouts : { ...defaults.timeouts, ...defined(request.timeouts) },
    success: (status) => (status >= 200 && status < 300) || request.expect?.includes(status) === true,
  };
}

function pathOf({ request, context }: Call): string | Failure {
  if (request.url === undefined) {
    try {
      return context.basePath + expand(request);
    } catch (error) {
      if (error instanceof RouteError) return invalid(error.message);
      throw error;
    }
  }
  const url = givenUrl(request.url, context);
  if (url === undefined) return refused("the server gave an address that is not a URL");
  if (url.origin === context.baseUrl.origin && url.username === "" && url.password === "") return url.pathname + url.search;
  const scheme = url.host === context.baseUrl.host || url.hostname === context.baseUrl.hostname;
  return refused(
    `the server gave an address of another origin than ${context.baseUrl.origin}, which is not followed`,
    scheme
      ? "Behind a proxy that ends TLS, the server must be told its outer address (X-Forwarded-Proto, X-Forwarded-Host, or the registry's own setting for it)"
      : undefined,
  );
}

function readyPayload(body: RequestBody): Payload | Failure {
  try {
    return payloadOf(body);
  } catch {
    return invalid("the body cannot be written as JSON"); // a bigint, a cycle
  }
}

const invalid = (problem: string): Failure => ({ kind: "request", fate: "not-sent", problem, permanent: true });

const refused = (problem: string, hint?: string): Failure => ({ kind: "redirect", fate: "not-sent", problem, hint, permanent: true });
