import { requestError, type TokenRequestError } from "./request-error";

/** Registries whose API has nothing to mint, and what works there. */
const others: Readonly<Record<string, string>> = {
  registryui:
    "RegistryUI's API cannot mint tokens: each user has one Docker token, with all of the user's rights. The registry on the same origin speaks " +
    "the Docker Registry API: use type: oci with its address if it has a token server; else create a user that may do no more than the job " +
    "needs, and log in with that user's Docker token (docker/login-action)",
};

/** The error for a `type` that mints no tokens. It names what works on the same origin. */
export const withoutTokens = (type: string): TokenRequestError =>
  requestError("type", others[type] ?? `${JSON.stringify(type)} is none: choose dtr, oci or selectel`);
