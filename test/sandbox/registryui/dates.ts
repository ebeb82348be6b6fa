import type { World } from "./world";

/** Below the milliseconds of the sandbox's clock, so that there are seven digits of which a client may use three. */
const BELOW_MILLISECONDS = "8036";

/** A date of a repository or tag: UTC, and nothing in the text says so. */
export function dateText({ switches }: World, date: Date): string {
  const text = date.toISOString().slice(0, -1);
  switch (switches.dates) {
    case "seven":
      return `${text}${BELOW_MILLISECONDS}`;
    case "zone":
      return `${text}${BELOW_MILLISECONDS}Z`;
    case "trimmed":
      return text.replace(/\.?0+$/, "");
  }
}

/** A date of an image's configuration, nanoseconds cut to seven digits; these do carry their zone. Null when there is none. */
export function layerDate(created: unknown): string | null {
  const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(String(created)) ?? [];
  return seconds === undefined ? null : `${seconds}${fraction.slice(0, 8).replace(/\.?0*$/, "")}Z`;
}
