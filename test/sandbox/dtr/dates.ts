import { argument, type Call } from "./call";
import { refusal } from "./errors";

/** A query argument that is a moment in RFC 3339 (or a date alone); `INVALID_PARAMETERS` for anything else. */
export function momentOf(call: Call, name: string): Date | undefined {
  const text = argument(call, name);
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (!moment) throw refusal("INVALID_PARAMETERS", `${name} is a date such as 2026-01-01T00:00:00Z, not '${text}'.`);
  return moment;
}

/** A moment in RFC 3339, or undefined. Fractions of any length are taken. */
export function parseMoment(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
