export { withSignal } from "./ambient-signal";
export type { HintFacts } from "./call";
export { type Challenge, parseChallenges } from "./challenge";
export { HttpClient, type HttpClientOptions } from "./client";
export {
  type ErrorFacts,
  type FailureKind,
  type Fate,
  hasStatus,
  isAborted,
  isConflict,
  isFateUnknown,
  isNotFound,
  isUnauthorized,
  RegistryError,
  revised,
  type ServerError,
} from "./error";
export { type HttpClock, systemClock } from "./interrupt";
export { invalidAnswer, readJson, statusError } from "./json";
export { type Link, nextLink, parseLinks } from "./link";
export { forbiddenStep, isPrivateHost, parseBaseUrl, withScheme } from "./origin";
export { redactor } from "./redact";
export type {
  AnswerHeaders,
  Authorizer,
  Http,
  HttpAnswer,
  HttpRequest,
  HttpStream,
  Method,
  QueryValue,
  RequestBody,
  Timeouts,
} from "./request";
export type { RetryPolicy } from "./retry";
export { readServerErrors, type ServerErrors } from "./server-error";
