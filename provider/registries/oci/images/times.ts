import type { CreationTime } from "../../image-registry";

/**
 * Milliseconds since 1970 of an RFC 3339 time with any number of fraction digits; NaN for everything else. Stricter than `Date.parse`,
 * which makes a date of almost any text with a number in it.
 */
export function parseTime(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text.trim());
  if (!match) return Number.NaN;
  const [, date, time, fraction = "0", zone = "Z"] = match;
  return Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, "0")}${zone.toUpperCase()}`);
}

/** OCI image-spec, "Pre-Defined Annotation Keys". */
export function annotatedTime(annotations: Readonly<Record<string, string>>): CreationTime | undefined {
  return said(annotations["org.opencontainers.image.created"], "annotation");
}

/**
 * What an image config says: its own date, else that of the last step that has one. Undefined if it says nothing. A zero time
 * (`0001-01-01T00:00:00Z`) is given as it is: who uses it must not trust it.
 */
export function configTime(bytes: Uint8Array): CreationTime | undefined {
  const config = parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  const history = Array.isArray(config.history) ? config.history : [];
  const last = history.findLast((step: unknown) => isObject(step) && typeof step.created === "string" && step.created !== "");
  return readable(said(config.created, "config"), said(isObject(last) ? last.created : undefined, "history"));
}

/** Docker's schema1: the date of the newest layer, in a JSON text inside the JSON. */
export function schema1Time(bytes: Uint8Array): CreationTime | undefined {
  const { history } = parsed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  const first: unknown = Array.isArray(history) ? history[0] : undefined;
  if (!isObject(first) || typeof first.v1Compatibility !== "string") return undefined;
  return said(parsed(first.v1Compatibility).created, "history");
}

/** The first that can be read; else the first at all, so that it is known to be unreadable. */
export function readable(...times: readonly (CreationTime | undefined)[]): CreationTime | undefined {
  return times.find((time) => time !== undefined && !Number.isNaN(time.time)) ?? times.find((time) => time !== undefined);
}

function said(text: unknown, source: CreationTime["source"]): CreationTime | undefined {
  return typeof text === "string" && text !== "" ? { time: parseTime(text), source } : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
