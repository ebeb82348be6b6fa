import type { z } from "zod";

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What is sent as the body of a request. `stream` is a function, so that a repeated attempt can start over. */
export type RequestBody =
  | { readonly json: unknown }
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly bytes: Uint8Array; readonly type: string }
  | { readonly stream: () => AsyncIterable<Uint8Array>; readonly type: string; readonly length?: number };

export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** One request, as an API client describes it. */
export interface HttpRequest {
  readonly method: Method;
  /**
   * Path template below the client's base URL, used for the path and, unexpanded, in error messages: `/registries/{id}/repositories/{name}`.
   * `{name}` is one percent-encoded segment (`a/b` becomes `a%2Fb`); `{+name}` keeps `/` and `:` and encodes the rest.
   * An empty or missing parameter, and one with a `.` or `..` segment, is an error before anything is sent.
   */
  readonly route: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** A URL that the server gave (pagination link, upload location), absolute or relative to the base URL (to its origin, if it begins with `/`). Takes the place of route, path and query; another origin is refused. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** May be sent again when nobody knows what became of it. Default: true for GET, HEAD, PUT and DELETE, false for POST and PATCH. */
  readonly repeatable?: boolean;
  /** Statuses that are answers and no errors, beside every 2xx. */
  readonly expect?: readonly number[];
  /** Where the request's credentials depend on what it wants (Bearer scopes): handed to the authorizer as it is. */
  readonly scope?: readonly string[];
  /** Names of parameters whose values are secret: in path, query, `url`, and at any depth of a json or form body. They are shown as `***`, wherever they come up. */
  readonly secretParameters?: readonly string[];
  readonly signal?: AbortSignal;
  readonly timeouts?: Partial<Timeouts>;
  /** Bytes of the answer's body that are read at the most. Default: the client's; none for streams. */
  readonly bodyLimit?: number;
  /** The body may be anything, even a web page, because the caller holds it against a digest. */
  readonly opaque?: boolean;
  /** Redirects to follow (GET and HEAD only). To another origin go only harmless headers (Accept, Range, If-…), never credentials. Default 5; 0 makes a redirect an error, `expect` makes it an answer. */
  readonly redirects?: number;
}

/** Milliseconds. 0 turns one off, but for `total`. */
export interface Timeouts {
  /** Until the connection (TLS included) stands. A request can only be less patient than its client. Default 10,000. */
  readonly connect: number;
  /** From the request (from the last piece of a streamed body) to the answer's headers. Default 120,000: Selectel's API and tag scans of docker-registry are slow. */
  readonly headers: number;
  /** Between two pieces of the body. Default 60,000. */
  readonly body: number;
  /** For the whole call with all its attempts and waits; for a stream, until its headers are there. Default 300,000. */
  readonly total: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a header that came several times is joined by ", ", but for `www-authenticate` and `link`, which are lists. */
  readonly headers: AnswerHeaders;
  /** Where the answer came from, after redirects; secrets are redacted, and so is the query of another origin. */
  readonly url: string;
  /** It came from the client's own origin: no redirect led away. Undefined where nobody says so; then `url` tells. */
  readonly own?: boolean;
  readonly body: Buffer;
}

export interface AnswerHeaders {
  get(name: string): string | undefined;
  /** All values of a header that may come several times. */
  all(name: string): readonly string[];
}

/** An answer whose body is read while it comes in; it must be read to the end or `cancel`led. */
export interface HttpStream extends Omit<HttpAnswer, "body"> {
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): Promise<void>;
}

/** What every API client is built on. One a registry origin. */
export interface Http {
  /** Base URL without trailing slash; its path, if any, stands before each route. */
  readonly baseUrl: URL;
  /** Sends, retries, and gives the buffered answer; throws RegistryError for every status that is not 2xx or expected. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Sends and parses a JSON body. An empty body (204) is handed to the schema as `undefined`. */
  json<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<T>;
  /** Like `send`, for large bodies. */
  stream(request: HttpRequest): Promise<HttpStream>;
  /**
   * For requests that must not be sent twice (POST): when the fate of an attempt is unknown, `find` looks on the server whether it took effect.
   * It gives what the request would have given, or undefined if the server proves that nothing happened, and then the request is sent again.
   */
  once<T>(request: HttpRequest, read: (answer: HttpAnswer) => T | Promise<T>, find: () => Promise<T | undefined>): Promise<T>;
  close(): Promise<void>;
}

/** Gives requests their credentials. */
export interface Authorizer {
  /** Headers for a request that is about to be sent to the client's own origin. */
  authorize(request: HttpRequest): Promise<Readonly<Record<string, string>>>;
  /** What `authorize` would give, where nobody has to be asked or waited for. Undefined: ask `authorize`. */
  atHand?(request: HttpRequest): Readonly<Record<string, string>> | undefined;
  /** Called on a 401 (and a 403 with a challenge): true if new credentials were found and the request is worth one more attempt. It is asked once a request. */
  renew(request: HttpRequest, answer: HttpAnswer): Promise<boolean>;
}
