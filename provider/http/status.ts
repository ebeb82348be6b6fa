import type { Failure } from "./failure";
import { oneLine } from "./redact";
import type { HttpAnswer } from "./request";
import { fateOf, retryAfterOf } from "./retry";
import { readServerErrors } from "./server-error";

/** The failure that an answer with a failing status is. `now` in milliseconds, for `Retry-After`. */
export function statusFailure(answer: HttpAnswer, redact: (text: string) => string, now: number): Failure {
  const { status, headers, body } = answer;
  const { code, message, errors } = readServerErrors(body, redact);
  const retryAfter = retryAfterOf(headers, now);
  const requestId = requestIds.map((name) => headers.get(name)).find((id) => id !== undefined && id !== "");
  return {
    kind: "status",
    fate: fateOf(status, retryAfter),
    status,
    code,
    serverMessage: message,
    serverErrors: errors,
    requestId: requestId === undefined ? undefined : oneLine(redact(requestId), 80),
    retryAfter,
    hint: hints[status],
  };
}

/** OpenStack's, the usual one, and those of clouds and their front ends. */
const requestIds = [
  "x-request-id",
  "x-openstack-request-id",
  "x-correlation-id",
  "x-amzn-requestid",
  "x-amz-request-id",
  "x-github-request-id",
  "x-ms-request-id",
  "cf-ray",
];

const hints: Readonly<Record<number, string>> = {
  401: "Check user name, password or token",
  403: "The credentials are known but do not allow this: check their scope and role",
  407: "The proxy wants credentials: give them in HTTPS_PROXY or HTTP_PROXY",
  413: "The server, or a proxy before it, limits the size of requests",
  429: "Wait, or send fewer requests at a time",
};
