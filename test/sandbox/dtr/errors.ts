import type { SandboxResponse } from "../contract";
import type { DtrSwitches } from "./switches";

/** Status and text of the codes that several areas answer with; `Refusal` takes any other too. */
const CODES = {
  INVALID_JSON: [400, "The request's body is not valid JSON."],
  INVALID_PARAMETERS: [400, "The parameters of the request are not valid."],
  NOT_AUTHENTICATED: [401, "The client is not authenticated."],
  NOT_AUTHORIZED: [403, "The client is not authorized."],
  NO_SUCH_ACCOUNT: [404, "An account with the given name or id does not exist."],
  NO_SUCH_USER: [404, "A user with the given name or id does not exist."],
  NO_SUCH_TEAM: [404, "A team with the given name or id does not exist in the organization."],
  NO_SUCH_REPOSITORY: [404, "A repository with the given namespace and name does not exist for the client."],
  NO_SUCH_TAG: [404, "A tag with the given name does not exist in the repository."],
  NO_SUCH_REF: [404, "No tag or manifest with the given reference exists in the repository."],
  NOT_ALLOWED: [405, "The method is not allowed for this path."],
  TAG_IN_NOTARY: [409, "The tag is signed: remove its trust data first."],
  UNSUPPORTED_MEDIA_TYPE: [415, "The request's content type is not supported: send application/json."],
} as const;

export type KnownCode = keyof typeof CODES;

/** Thrown by an operation to answer with an error. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The error of a common code, with its own text or another. */
export function refusal(code: KnownCode, message?: string): Refusal {
  const [status, text] = CODES[code];
  return new Refusal(status, code, message ?? text);
}

/** The answer for an error, in the form that the switch `errors` says. */
export function errorResponse({ errors }: DtrSwitches, { status, code, message }: Refusal): SandboxResponse {
  const headers: Record<string, string> = status === 401 ? { "www-authenticate": 'Basic realm="dtr"' } : {};
  switch (errors) {
    case "list":
      return { status, headers, json: { errors: [{ code, message }] } };
    case "detail":
      return { status, headers, json: { errors: [{ code, message, detail: { status } }] } };
    case "bare":
      return { status, headers, json: { code, message } };
    case "empty":
      return { status, headers, json: {} };
    case "html":
      return { ...page(status, message), headers: { ...headers, "content-type": "text/html; charset=utf-8" } };
  }
}

/** What the proxy before the server says when the server does not. */
export function page(status: number, text: string): SandboxResponse {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<html>\n<head><title>${status}</title></head>\n<body><center><h1>${status} ${text}</h1></center><hr><center>nginx</center></body>\n</html>\n`,
  };
}
