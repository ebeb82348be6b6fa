import { STATUS_CODES } from "node:http";

/**
 * What went wrong:
 * - `status`: the server answered with a status that is no success;
 * - `connection`: no connection, or it was lost before the answer's headers;
 * - `timeout`: one of the `Timeouts` ran out;
 * - `aborted`: the caller's signal;
 * - `redirect`: a redirect or a link that is not followed;
 * - `answer`: an answer that cannot be used: broken off, too large, HTML in place of JSON, not what the schema says;
 * - `request`: the request itself is at fault (a missing parameter, no credentials); nothing was sent.
 */
export type FailureKind = "status" | "connection" | "timeout" | "aborted" | "redirect" | "answer" | "request";

/**
 * What became of the request on the server:
 * - `not-sent`: it never left;
 * - `refused`: the server turned it away before it took effect (401, 425, 429, 503 with `Retry-After`);
 * - `unknown`: it may or may not have taken effect;
 * - `answered`: the status says it.
 */
export type Fate = "not-sent" | "refused" | "unknown" | "answered";

/** One entry of a server's error list. Shortened, secrets redacted. */
export interface ServerError {
  readonly code?: string;
  readonly message?: string;
}

/** What a RegistryError is made of. All texts must be free of secrets. */
export interface ErrorFacts {
  readonly method: string;
  readonly route: string;
  /** Redacted. */
  readonly url: string;
  readonly kind: FailureKind;
  readonly fate: Fate;
  readonly status?: number;
  readonly code?: string;
  readonly serverMessage?: string;
  readonly serverErrors?: readonly ServerError[];
  readonly requestId?: string;
  /** Default 1. */
  readonly attempts?: number;
  /** What went wrong, for every kind but `status`: `connection refused (ECONNREFUSED)`. */
  readonly problem?: string;
  /** A sentence: what the reader can do next. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The one error for everything that fails on the way to a registry and back.
 * Holds no credentials and no secrets, neither in its message nor in `cause`, whatever prints it.
 */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly method: string;
  // `declare`: what is unknown is no property, so that a printed error shows only what there is.
  /** The path template, unexpanded. Empty for a URL that the server gave. */
  readonly route: string;
  /** Where the request went, secrets redacted. */
  readonly url: string;
  readonly kind: FailureKind;
  readonly fate: Fate;
  declare readonly status?: number;
  /** The server's own code: `MANIFEST_UNKNOWN`. */
  declare readonly code?: string;
  declare readonly serverMessage?: string;
  /** All errors that the server listed; `code` and `serverMessage` are the first one's. */
  readonly serverErrors: readonly ServerError[];
  declare readonly requestId?: string;
  /** What went wrong, where no status says it. */
  declare readonly problem?: string;
  /** How many times the request was sent, or tried to be. */
  readonly attempts: number;
  declare readonly hint?: string;

  constructor(facts: ErrorFacts) {
    super(messageOf(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.method = facts.method;
    this.route = facts.route;
    this.url = facts.url;
    this.kind = facts.kind;
    this.fate = facts.fate;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.code !== undefined) this.code = facts.code;
    if (facts.serverMessage !== undefined) this.serverMessage = facts.serverMessage;
    this.serverErrors = facts.serverErrors ?? [];
    if (facts.requestId !== undefined) this.requestId = facts.requestId;
    this.attempts = facts.attempts ?? 1;
    if (facts.problem !== undefined) this.problem = facts.problem;
    if (facts.hint !== undefined) this.hint = facts.hint;
  }

  /** `message` is not enumerable in an Error; a log in JSON without it would be useless. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}

/** The same error with other facts. */
export function revised(error: RegistryError, changes: Partial<ErrorFacts>): RegistryError {
  return new RegistryError({ ...error, cause: error.cause, ...changes });
}

/** The server says 404. A HEAD cannot tell why: confirm with GET before anything is deleted on the strength of it. */
export const isNotFound = (error: unknown): error is RegistryError => hasStatus(error, 404);

/** The server says 409, or that what is to be created exists: as an error inside a success (RegistryUI), or with another status (DTR's 400 REPOSITORY_EXISTS). */
export const isConflict = (error: unknown): error is RegistryError =>
  hasStatus(error, 409) ||
  (error instanceof RegistryError &&
    (error.kind === "answer" ? error.code === "EXISTS" : error.kind === "status" && /_EXISTS$/.test(error.code ?? "")));

/** The server says 401 even after credentials were renewed, or 403. */
export const isUnauthorized = (error: unknown): error is RegistryError => hasStatus(error, 401) || hasStatus(error, 403);

/** Nobody knows whether the request took effect. */
export const isFateUnknown = (error: unknown): error is RegistryError => error instanceof RegistryError && error.fate === "unknown";

/** The caller's own signal ended the request. */
export const isAborted = (error: unknown): error is RegistryError => error instanceof RegistryError && error.kind === "aborted";

export function hasStatus(error: unknown, status: number): error is RegistryError {
  return error instanceof RegistryError && error.kind === "status" && error.status === status;
}

/** `GET https://host/v2/x/tags/list: 404 NAME_UNKNOWN: repository name not known to registry (request id 7, 3 attempts). Next step.` */
function messageOf(facts: ErrorFacts): string {
  const where = [facts.requestId && `request id ${facts.requestId}`, (facts.attempts ?? 1) > 1 && `${facts.attempts} attempts`].filter(
    Boolean,
  );
  const what = [`${facts.method} ${facts.url}: ${statement(facts)}`.replace(/[.\s]+$/, ""), where.length > 0 && ` (${where.join(", ")})`];
  const sentences = [
    what.filter(Boolean).join(""),
    facts.fate === "unknown" && changes(facts.method) && "It is unknown whether the request took effect",
    facts.hint,
  ];
  const text = sentences.filter((sentence): sentence is string => typeof sentence === "string" && sentence !== "");
  return text.map((sentence) => sentence.replace(/\.$/, "")).join(". ");
}

function statement(facts: ErrorFacts): string {
  const status = facts.status === undefined ? undefined : String(facts.status);
  if (facts.kind !== "status") return [status, facts.problem ?? facts.serverMessage ?? facts.kind].filter(Boolean).join(", but ");
  const named = [status, facts.code].filter(Boolean).join(" ");
  if (facts.serverMessage !== undefined) return `${named}: ${facts.serverMessage}`;
  return facts.code === undefined ? `${named} ${STATUS_CODES[facts.status ?? 0] ?? ""}`.trimEnd() : named;
}

const changes = (method: string) => method !== "GET" && method !== "HEAD";
