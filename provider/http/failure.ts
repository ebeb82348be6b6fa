import type { FailureKind, Fate, ServerError } from "./error";

/** A failed attempt, before it is known whether it ends the call. It becomes a RegistryError only if it does. */
export interface Failure {
  readonly kind: FailureKind;
  readonly fate: Fate;
  readonly problem?: string;
  readonly status?: number;
  readonly code?: string;
  readonly serverMessage?: string;
  readonly serverErrors?: readonly ServerError[];
  readonly requestId?: string;
  readonly hint?: string;
  readonly cause?: unknown;
  /** Milliseconds that the server asks to wait. */
  readonly retryAfter?: number;
  /** Sending it again would end in the same way: a certificate that is not trusted, a body that is too large. */
  readonly permanent?: boolean;
  /** The answer arrived with a success status but cannot be read: HTML, broken JSON. Only a GET is worth another attempt. */
  readonly garbled?: boolean;
}

export const isFailure = <T extends object>(result: T | Failure): result is Failure => "fate" in result;

/** Where an exchange was when it failed. */
export interface Progress {
  /** The request began to go out. */
  readonly started: boolean;
  /** Status of the answer, if its headers arrived. */
  readonly status?: number;
  readonly received: number;
  /** Length of the body that the answer's headers promised. */
  readonly promised?: number;
}

/** Errors of undici, `node:net` and `node:tls`, in words. The error's own message is kept as cause only, since some hold URLs. */
export function connectionFailure(error: Error, progress: Progress): Failure {
  const code = codeOf(error);
  const timeout = timeouts[code];
  if (!progress.started) {
    // undici would not send it. Its texts name what is invalid and hold no values.
    if (code === "UND_ERR_INVALID_ARG") return { kind: "request", fate: "not-sent", problem: error.message, cause: error, permanent: true };
    if (timeout !== undefined) return { kind: "timeout", fate: "not-sent", problem: timeout, cause: error, hint: hints[code] };
    const trust = certificateErrors.test(code);
    const problem = describe(error, code, "no connection");
    return { kind: "connection", fate: "not-sent", problem, cause: error, hint: trust ? trustHint : hints[code], permanent: trust };
  }
  if (timeout !== undefined) return { kind: "timeout", fate: "unknown", status: progress.status, problem: timeout, cause: error };
  if (progress.status !== undefined) {
    const size = progress.promised === undefined ? `${progress.received} bytes` : `${progress.received} of ${progress.promised} bytes`;
    return { kind: "answer", fate: "unknown", status: progress.status, problem: `the answer broke off after ${size}`, cause: error };
  }
  if (error.name === "HTTPParserError" || code === "UND_ERR_HEADERS_OVERFLOW") {
    return { kind: "answer", fate: "unknown", problem: `the answer is not valid HTTP`, cause: error, hint: hints.HPE };
  }
  return {
    kind: "connection",
    fate: "unknown",
    problem: describe(error, code, "the connection was lost"),
    cause: error,
    hint: hints[code],
  };
}

export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : "";
}

const timeouts: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "no connection in time (timeouts.connect)",
  ETIMEDOUT: "no connection in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer in time (timeouts.headers)",
  UND_ERR_BODY_TIMEOUT: "the answer stalled (timeouts.body)",
};

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be resolved",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  UND_ERR_SOCKET: "the server closed the connection",
  UND_ERR_DESTROYED: "the client is closed",
  UND_ERR_CLOSED: "the client is closed",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another host",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the server's certificate is not trusted",
};

const certificateErrors = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|^ERR_(SSL|TLS)|^EPROTO$|^UND_ERR_(DESTROYED|CLOSED)$/;
const trustHint =
  "If the registry has a certificate of its own authority, give that authority's certificate as CA; if it speaks plain HTTP, use an http:// address";

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Check address and port, and that the registry runs",
  ENOTFOUND: "Check the host name and the proxy variables",
  UND_ERR_CONNECT_TIMEOUT: "Check address, firewall and the proxy variables (HTTPS_PROXY, HTTP_PROXY, NO_PROXY)",
  HPE: "If the server speaks HTTPS on this port, use an https:// address",
};

function describe(error: Error, code: string, otherwise: string): string {
  if (error.name === "ProxyError") return error.message;
  const text = words[code] ?? otherwise;
  return code === "" ? `${text} (${error.name})` : `${text} (${code})`;
}
