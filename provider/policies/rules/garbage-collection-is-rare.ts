import { z } from "zod";
import { type Around, resourceRule } from "../rule";
import { shortestGap } from "../schedule";
import { record, text } from "../subject";
import { UNKNOWN } from "../unknown-value";

export interface GarbageCollectionIsRare {
  /** Hours that must lie between two collections of a schedule. Default 24. */
  hours?: number;
}

const messages = {
  often: "the schedule collects garbage more often than every {hours} hours: choose a rarer one",
  unread: "the schedule cannot be read: write six fields (seconds first), a name such as @weekly, or @every 24h",
  now: "`triggers` hold the time of this run, so every `up` collects garbage: use a value that changes when a collection is due, such as a date or the number of a release",
};
/** Garbage collection of a Docker Trusted Registry: offline, online, and the part of the latter that is about metadata alone. */
const ACTIONS = new Set(["gc", "onlinegc", "onlinegc_metadata"]);
const HOUR = 3600;
/** Between the program's look at the clock and the policy's. */
const JUST_NOW = 120_000;

export const garbageCollectionIsRare = resourceRule<Required<GarbageCollectionIsRare>>({
  name: "garbage-collection-is-rare",
  severity: "medium",
  description: "Garbage must not be collected too often.",
  types: ["dtr:Cron", "dtr:Job", "registryui:GarbageCollection", "selectel:GarbageCollection"],
  messages,
  settings: z.strictObject({
    hours: z.number().positive().default(24).describe("Hours that must lie between two collections of a schedule."),
  }),
  judge({ hours }, around) {
    return (subject) => {
      if (!subject.type.startsWith("dtr:")) {
        subject.when({ triggers: record }, ({ triggers }) => holdsNow(triggers, around) && subject.violates(messages.now));
        return;
      }
      subject.when({ action: text }, ({ action = "" }) => {
        if (!ACTIONS.has(action)) return;
        if (subject.type === "dtr:Job") {
          subject.when({ triggers: record }, ({ triggers }) => holdsNow(triggers, around) && subject.violates(messages.now));
          return;
        }
        subject.when({ schedule: text }, ({ schedule = "" }) => {
          const gap = shortestGap(schedule);
          if (gap === undefined) subject.violates(messages.unread);
          else if (gap < hours * HOUR) subject.violates(messages.often, { hours });
        });
      });
    };
  },
});

/** What is not known before `up` is no time of now: it comes from a resource. */
const holdsNow = (triggers: Readonly<Record<string, unknown>>, { now }: Around): boolean =>
  Object.values(triggers).some((value) => value !== UNKNOWN && timesIn(String(value)).some((time) => Math.abs(time - now()) < JUST_NOW));

/**
 * Milliseconds since 1970 of a time with hours and minutes, or of a number of seconds or milliseconds; nothing, or NaN, for everything else. A time
 * without a zone may be of the local clock, or was cut out of `toISOString()`, which is in UTC.
 */
function timesIn(value: string): number[] {
  if (/^\d{13}$/.test(value)) return [Number(value)];
  if (/^\d{10}$/.test(value)) return [Number(value) * 1000];
  return /\d:\d\d/.test(value) ? [Date.parse(value), Date.parse(`${value}Z`)] : [];
}
