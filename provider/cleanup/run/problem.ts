import { RegistryError, redactor } from "../../http";
import { oneLine } from "../../http/redact";

/** A run that its signal ended. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const redact = redactor([]);

/** Longer than any sentence of ours, shorter than a page of HTML. */
const longest = 2_000;

/**
 * An error as text for plans and reports: one line, free of whatever looks like a credential. Registry clients have taken out the secrets that
 * they know; what looks like one is taken out once more, since any error may come here.
 */
export function problemOf(error: unknown): string {
  if (error instanceof RegistryError) return error.message;
  const text = error instanceof Error ? error.message || error.name : String(error);
  return oneLine(redact(text), longest);
}
