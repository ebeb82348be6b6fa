import { codeOf } from "./failure";
import { oneLine } from "./redact";

/**
 * A copy of an error that can be shown: name, code and redacted message, and the same of its causes.
 * The original may hold headers, sockets, URLs, or a piece of a body.
 */
export function sanitizedCause(error: unknown, redact: (text: string) => string, depth = 3): Error {
  const name = error instanceof Error ? error.name : "Error";
  const text = error instanceof Error ? error.message : typeof error === "string" ? error : "";
  const copy: Error & { code?: string } = new Error(oneLine(redact(text)));
  copy.name = name;
  copy.stack = `${name}: ${copy.message}`; // where undici noticed it says nothing to the reader
  const code = codeOf(error);
  if (code !== "") copy.code = redact(code);
  if (error instanceof Error && error.cause !== undefined && depth > 0) copy.cause = sanitizedCause(error.cause, redact, depth - 1);
  return copy;
}
