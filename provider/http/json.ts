import type { z } from "zod";
import { Answer } from "./answer";
import { RegistryError, revised } from "./error";
import type { Failure } from "./failure";
import { oneLine, redactor } from "./redact";
import type { HttpAnswer } from "./request";
import { htmlTitle, looksLikeHtml } from "./server-error";
import { statusFailure } from "./status";

/** The JSON of an answer, `undefined` for an empty body, or what is wrong with it. The text never repeats the body. */
export function decodeJson(answer: HttpAnswer): { readonly value: unknown } | Failure {
  const { body } = answer;
  if (body.length === 0) return { value: undefined };
  const encoding = answer.headers.get("content-encoding");
  if (encoding !== undefined && encoding !== "identity") return garbled(answer, "the answer is compressed, which nobody asked for");
  const text = body.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (looksLikeHtml(text)) return webPage(answer, `${htmlTitle(text) ?? "an HTML page"} in place of JSON`);
    // V8's message quotes the text; only the position may be told.
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    return garbled(
      answer,
      position === undefined ? "the answer is broken JSON" : `the answer is broken JSON (at position ${position} of ${text.length})`,
    );
  }
}

/**
 * A success whose body is a web page: a proxy or a login page answered in place of the API, so nothing is known of the request. No registry
 * API answers with HTML; without this a page with status 200 would pass for a push or a deletion that never happened.
 */
export function pageInPlaceOfAnswer(answer: HttpAnswer, method: string): Failure | undefined {
  if (!/^text\/html\b/i.test(answer.headers.get("content-type") ?? "")) return undefined;
  if (method === "HEAD") return webPage(answer, "an HTML page");
  const text = answer.body.toString("utf8", 0, 64 * 1024);
  return looksLikeHtml(text) ? webPage(answer, htmlTitle(text) ?? "an HTML page") : undefined;
}

const webPage = (answer: HttpAnswer, what: string): Failure => ({
  ...garbled(answer, `the answer is ${what}`),
  hint: "Check that the address is the API's and not that of a web page or a proxy",
});

const garbled = (answer: HttpAnswer, problem: string): Failure => ({
  kind: "answer",
  fate: "unknown",
  status: answer.status,
  problem: oneLine(problem),
  garbled: true,
});

/** Holds a value against a schema. Throws RegistryError of kind `answer` that names each property at fault and never a value. */
export function parseValue<T>(answer: HttpAnswer, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problem =
    value === undefined ? "the answer is empty" : `the answer is not what the API describes: ${complaints(result.error.issues, value)}`;
  throw invalidAnswer(answer, problem);
}

/** Parses an answer's JSON body, for `once` and for answers whose status decides on the schema. Throws RegistryError of kind `answer`. */
export function readJson<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  const decoded = decodeJson(answer);
  if ("fate" in decoded) throw invalidAnswer(answer, decoded.problem ?? "the answer cannot be read", decoded.hint);
  return parseValue(answer, decoded.value, schema);
}

/**
 * An error about an answer that arrived and is of no use: a digest that does not match, a success that carries an error.
 * `problem` goes on from "200, but …"; it is redacted here.
 */
export function invalidAnswer(answer: HttpAnswer, problem: string, hint?: string): RegistryError {
  const call = Answer.callOf(answer);
  const failure: Failure = { kind: "answer", fate: "answered", status: answer.status, problem, hint };
  if (call !== undefined) return call.error(failure);
  return new RegistryError({ ...failure, method: "GET", route: "", url: answer.url });
}

/**
 * The error that an answer with an expected status is after all: a 404 that turns out to be a missing route, a 409 that cannot be lived with.
 * With the server's code, message and request id, as `send` would have thrown it.
 */
export function statusError(answer: HttpAnswer, hint?: string): RegistryError {
  const call = Answer.callOf(answer);
  const failure = statusFailure(answer, call?.redactor() ?? redactor([]), Date.now());
  const error = call?.error(failure) ?? new RegistryError({ ...failure, method: "GET", route: "", url: answer.url });
  return hint === undefined ? error : revised(error, { hint });
}

const shown = 5;

function complaints(issues: readonly z.core.$ZodIssue[], value: unknown): string {
  const texts = issues.slice(0, shown).map((issue) => `${pathOf(issue.path)}: ${complaint(issue, at(value, issue.path))}`);
  return texts.join("; ") + (issues.length > shown ? `; and ${issues.length - shown} more` : "");
}

/** Not zod's own messages: those of enumerations, unions and custom checks can hold the value. */
function complaint(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `${issue.expected} expected, ${typeName(value)} found`;
    case "invalid_format":
      return `not a valid ${issue.format}`;
    case "too_small":
      return "too small";
    case "too_big":
      return "too large";
    case "unrecognized_keys":
      return "unexpected properties";
    default:
      return `not an expected value (${typeName(value)} found)`;
  }
}

function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? "(the whole answer)"
    : path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${oneLine(String(key), 60)}`)).join("");

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);
}
