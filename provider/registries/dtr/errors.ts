import { isUnauthorized, RegistryError } from "../../http";

/**
 * What a failure means. Statuses mislead here (a bad policy is a 404, a duplicate repository a 400, signed tags a 405), so the server's code decides, and the
 * status only where there is none. `RegistryError.code` is the first error's code.
 */

/**
 * What was asked for does not exist: a 404 with one of these codes (default: any `NO_SUCH_…`), or one without a code that is no web page of a proxy and
 * no answer to a POST or PUT, where it may be about a bad policy or a team. Never for `INVALID_…`, which is a 404 for bad policies. `NO_SUCH_…` may be about
 * what the thing is in (repository, account, team): give the codes where that matters.
 */
export function isGone(error: unknown, ...codes: readonly string[]): error is RegistryError {
  if (!isStatus(error) || error.status !== 404) return false;
  if (error.code === undefined) return !["POST", "PUT"].includes(error.method) && !error.serverMessage?.startsWith("an HTML page");
  return codes.length === 0 ? error.code.startsWith("NO_SUCH_") : codes.includes(error.code);
}

/** What was to be created exists: 400 REPOSITORY_EXISTS, ACCOUNT_EXISTS and the like, or a 409 that is neither about signed tags nor to a deletion. */
export const isExisting = (error: unknown): error is RegistryError =>
  isStatus(error) &&
  (/_EXISTS$/.test(error.code ?? "") || (error.status === 409 && error.method !== "DELETE" && !other.test(error.code ?? "")));

/** The server does not accept what was sent: any `INVALID_…` (for policies with status 404), or a 400 without a code. */
export const isInvalid = (error: unknown): error is RegistryError =>
  isStatus(error) && (error.code === undefined ? error.status === 400 : error.code.startsWith("INVALID_"));

/** 401 (no or wrong credentials) or 403 (the user may not). */
export const isNotAuthorized = (error: unknown): error is RegistryError =>
  isUnauthorized(error) || (isStatus(error) && (error.code === "NOT_AUTHENTICATED" || error.code === "NOT_AUTHORIZED"));

/** Signed tags cannot be deleted, nor repositories that hold some, until their trust data is removed: TAG_IN_NOTARY, REPOSITORY_CONTAINS_TAGS_IN_NOTARY. */
export const isInNotary = (error: unknown): error is RegistryError => isStatus(error) && notaryCodes.includes(error.code ?? "");

/** Codes that say what a 409 is about. */
const other = /_IN_NOTARY$|^INVALID_/;
const notaryCodes: readonly string[] = ["TAG_IN_NOTARY", "REPOSITORY_CONTAINS_TAGS_IN_NOTARY"];

const isStatus = (error: unknown): error is RegistryError => error instanceof RegistryError && error.kind === "status";
