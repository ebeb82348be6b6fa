import { RegistryError } from "./error";
import type { Failure } from "./failure";
import { parse } from "./origin";
import { isSecretHeader, mask, redactor, secretsOfHeader } from "./redact";
import type { HttpRequest } from "./request";
import { expand } from "./route";
import { sanitizedCause } from "./sanitize";

/** What an API client may know a next step for. */
export type HintFacts = Pick<RegistryError, "method" | "route" | "kind" | "fate" | "status" | "code" | "serverMessage">;

/** What all calls of a client have in common. */
export interface CallContext {
  readonly baseUrl: URL;
  readonly basePath: string;
  readonly secrets?: () => readonly string[];
  readonly hints?: (facts: HintFacts) => string | undefined;
}

/** A URL that a server gave, absolute or relative to the base URL. */
export const givenUrl = (url: string, context: CallContext): URL | undefined => parse(url, `${context.baseUrl.origin}${context.basePath}/`);

/** One call while it runs, with all its attempts: what its messages need. */
export class Call {
  attempts = 0;
  /** An attempt went out and nobody knows what became of it. */
  unclear = false;
  readonly #credentials = new Set<string>();

  constructor(
    readonly request: HttpRequest,
    readonly context: CallContext,
  ) {}

  /** Remembers what the authorizer gave: none of it may appear anywhere. */
  addCredentials(headers: Readonly<Record<string, string>>): void {
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined) this.#credentials.add(value);
    }
  }

  /** Where the request goes, secrets redacted. */
  url(): string {
    const { request, context } = this;
    const origin = context.baseUrl.origin;
    if (request.url !== undefined) return this.shown(givenUrl(request.url, context));
    try {
      return origin + this.redact(context.basePath + expand(request, true));
    } catch {
      return origin + context.basePath + request.route;
    }
  }

  /** A URL that a server gave. The query of another origin is left out: signed links carry their credentials there. */
  shown(url: URL | undefined): string {
    if (url === undefined) return "(an invalid URL)";
    const own = url.origin === this.context.baseUrl.origin;
    const query = url.search === "" ? "" : own ? this.#shownQuery(url) : `?${mask}`;
    return url.origin + this.redact(url.pathname + query);
  }

  redact(text: string): string {
    return this.redactor()(text);
  }

  /** Knows the secrets of this moment. */
  redactor(): (text: string) => string {
    return redactor(this.#secrets());
  }

  error(failure: Failure, attempts = this.attempts): RegistryError {
    const { request } = this;
    const redact = this.redactor();
    const { fate, kind, status, code, serverMessage } = failure;
    const facts = { method: request.method, route: request.url === undefined ? request.route : "", kind, status, code, serverMessage };
    const overall = this.unclear && (fate === "not-sent" || fate === "refused") ? "unknown" : fate;
    const advice = this.context.hints?.({ ...facts, fate: overall });
    return new RegistryError({
      ...facts,
      fate: overall,
      url: this.url(),
      serverErrors: failure.serverErrors,
      requestId: failure.requestId,
      attempts,
      problem: failure.problem === undefined ? undefined : redact(failure.problem),
      hint: advice ?? failure.hint,
      cause:
        failure.cause === undefined
          ? undefined
          : failure.cause instanceof RegistryError
            ? failure.cause
            : sanitizedCause(failure.cause, redact),
    });
  }

  #shownQuery(url: URL): string {
    const secret = this.request.secretParameters ?? [];
    return url.search.replace(/([?&])([^=&]*)=([^&]*)/g, (pair, sign: string, name: string) =>
      secret.includes(decode(name)) ? `${sign}${name}=${mask}` : pair,
    );
  }

  /** Everything of this call that must not be shown. */
  #secrets(): string[] {
    const { request } = this;
    const headers = Object.entries(request.headers ?? {}).filter(([name]) => isSecretHeader(name));
    const values = [...headers.map(([, value]) => value), ...this.#credentials].flatMap(secretsOfHeader);
    const parameters = (request.secretParameters ?? []).flatMap((name) => valuesOf(request, name));
    return [...values, ...parameters, ...(this.context.secrets?.() ?? [])];
  }
}

/** Values of a secret parameter in path, query, `url` and (at any depth) body. */
function valuesOf(request: HttpRequest, name: string): string[] {
  const query = request.query?.[name];
  const link =
    request.url === undefined || !URL.canParse(request.url, "http://x") ? [] : new URL(request.url, "http://x").searchParams.getAll(name);
  const body =
    request.body === undefined
      ? []
      : "json" in request.body
        ? property(request.body.json, name)
        : "form" in request.body
          ? property(request.body.form, name)
          : [];
  return [request.path?.[name], ...(typeof query === "object" ? query : [query]), ...link, ...body]
    .filter((value) => value !== undefined)
    .map(String);
}

function property(json: unknown, name: string): string[] {
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => (key === name && typeof value === "string" ? [value] : property(value, name)));
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
