import type { SandboxResponse } from "../contract";

/** The error codes of OCI distribution 1.1, and those that only distribution itself sends. */
export type ErrorCode =
  | "BLOB_UNKNOWN"
  | "BLOB_UPLOAD_INVALID"
  | "BLOB_UPLOAD_UNKNOWN"
  | "DENIED"
  | "DIGEST_INVALID"
  | "MANIFEST_BLOB_UNKNOWN"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNKNOWN"
  | "NAME_UNKNOWN"
  | "PAGINATION_NUMBER_INVALID"
  | "RANGE_INVALID"
  | "SIZE_INVALID"
  | "UNAUTHORIZED"
  | "UNSUPPORTED";

const MESSAGES: Readonly<Record<ErrorCode, string>> = {
  BLOB_UNKNOWN: "blob unknown to registry",
  BLOB_UPLOAD_INVALID: "blob upload invalid",
  BLOB_UPLOAD_UNKNOWN: "blob upload unknown to registry",
  DENIED: "requested access to the resource is denied",
  DIGEST_INVALID: "provided digest did not match uploaded content",
  MANIFEST_BLOB_UNKNOWN: "manifest references a manifest or blob unknown to registry",
  MANIFEST_INVALID: "manifest invalid",
  MANIFEST_UNKNOWN: "manifest unknown",
  NAME_UNKNOWN: "repository name not known to registry",
  PAGINATION_NUMBER_INVALID: "invalid number of results requested",
  RANGE_INVALID: "invalid content range",
  SIZE_INVALID: "provided length did not match content length",
  UNAUTHORIZED: "authentication required",
  UNSUPPORTED: "The operation is unsupported.",
};

export interface Failure {
  readonly code: ErrorCode;
  readonly message?: string;
  readonly detail?: unknown;
}

/** An answer in the error format of the specification, with one or several entries. */
export function failure(
  status: number,
  failures: ErrorCode | Failure | readonly Failure[],
  headers?: SandboxResponse["headers"],
): SandboxResponse {
  const list = typeof failures === "string" ? [{ code: failures }] : isList(failures) ? failures : [failures];
  const errors = list.map(({ code, message, detail }: Failure) => ({
    code,
    message: message ?? MESSAGES[code],
    ...(detail !== undefined && { detail }),
  }));
  return { status, json: { errors }, ...(headers && { headers }) };
}

/** What distribution's router says of a path that is none of its routes: plain text, not the error format. */
export function notFound(): SandboxResponse {
  return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body: "404 page not found\n" };
}

function isList(failures: Failure | readonly Failure[]): failures is readonly Failure[] {
  return Array.isArray(failures);
}
