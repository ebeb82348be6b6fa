import { RegistryError, type ServerError } from "../../http/error";
import { redactor } from "../../http/redact";
import type { HttpAnswer, HttpRequest } from "../../http/request";
import { readServerErrors } from "../../http/server-error";
import { bareMediaType } from "./media-types";

/** What a 404 means. */
export type Absence =
  /** There is no such repository, so nothing in it. */
  | "repository"
  /** There is no such manifest, blob or upload. */
  | "content"
  /** It exists, but the server would not give it in any form that was asked for. */
  | "not-acceptable"
  /** No such route: no registry at this address, a name that it does not take, or a function that it does not have. */
  | "route"
  /** The server says nothing about the reason. */
  | "unclear";

/** NOT_FOUND is Harbor's. */
const contentCodes = new Set(["MANIFEST_UNKNOWN", "BLOB_UNKNOWN", "BLOB_UPLOAD_UNKNOWN", "TAG_UNKNOWN", "NOT_FOUND"]);
const patterns = redactor([]);

/** The errors that a registry lists in an answer's body (OCI distribution-spec, "Error Codes"), also in the bare form of zot's 401. */
export function answerErrors(answer: Pick<HttpAnswer, "body">): readonly ServerError[] {
  return readServerErrors(answer.body, patterns).errors;
}

export function hasErrorCode(answer: Pick<HttpAnswer, "body">, ...codes: string[]): boolean {
  return answerErrors(answer).some(({ code }) => code !== undefined && codes.includes(code.toUpperCase()));
}

/** Classifies a 404 (and zot's 400 NAME_UNKNOWN) by its body. HEAD has none: confirm with GET first. */
export function absenceOf(answer: HttpAnswer): Absence {
  const errors = answerErrors(answer);
  // docker-registry 2.8.2: "OCI manifest found, but accept header does not support OCI manifests", with the code MANIFEST_UNKNOWN.
  if (errors.some(({ message }) => /found, but accept header does not support/i.test(message ?? ""))) return "not-acceptable";
  if (hasErrorCode(answer, "NAME_UNKNOWN")) return "repository";
  if (errors.some(({ code }) => code !== undefined && contentCodes.has(code.toUpperCase()))) return "content";
  const type = bareMediaType(answer.headers.get("content-type"));
  const text = answer.body.toString("utf8", 0, 1000);
  return text !== "" && errors.every(({ code }) => code === undefined) && (type.startsWith("text/") || /not found/i.test(text))
    ? "route"
    : "unclear";
}

/** The error for an answer that was expected but turned out to be none that this request can live with. */
export function refusal(request: HttpRequest, answer: HttpAnswer, hint?: string): RegistryError {
  const { code, message, errors } = readServerErrors(answer.body, patterns);
  return new RegistryError({
    method: request.method,
    route: request.url === undefined ? request.route : "",
    url: answer.url,
    kind: "status",
    fate: "answered",
    status: answer.status,
    ...(code !== undefined && { code }),
    ...(message !== undefined && { serverMessage: message }),
    serverErrors: errors,
    ...(hint !== undefined && { hint }),
  });
}

/** The error for a success that cannot be right. */
export function unusable(request: HttpRequest, answer: Pick<HttpAnswer, "url" | "status">, problem: string, hint?: string): RegistryError {
  return new RegistryError({
    method: request.method,
    route: request.url === undefined ? request.route : "",
    url: answer.url,
    kind: "answer",
    fate: "answered",
    status: answer.status,
    problem,
    ...(hint !== undefined && { hint }),
  });
}

/** True for the error that a list or a push gives when the registry does not know the repository. */
export function isNameUnknown(error: unknown): error is RegistryError {
  return error instanceof RegistryError && error.serverErrors.some(({ code }) => code?.toUpperCase() === "NAME_UNKNOWN");
}

export const routeHint =
  "No such route on the server: check that the URL is a registry's (without /v2 and without repository) and that the registry takes this name";
