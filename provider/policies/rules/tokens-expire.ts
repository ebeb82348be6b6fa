import { z } from "zod";
import { milliseconds } from "../../cleanup/policy/duration";
import { unlessNamed } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { record, text } from "../subject";

export interface TokensExpire {
  /** How long a token may live, in days. Default 90. */
  days?: number;
  /** Names (`selectel.Token`) and labels (`dtr.ApiToken`) of tokens that may live longer, as globs. Default: none. */
  except?: string[];
}

const DAY = 86_400_000;
const YEAR = 365;

const messages = {
  endless: 'the token never ends: set `expiresIn` to "{life}" or less, and `rotateBefore`',
  late: 'the token lives for more than {days} days: set `expiresIn` to "{life}" or less, or `expiresAt` to an earlier time',
  year: 'the token lives for a year: set `ttl` to "12h"',
  api: "a token of this registry has no end: set `rotationTriggers`, which replaces it and deletes the old one when a value changes, set `active` to false, or add its label to the policy's `except`",
};

/** A Docker Trusted Registry's token cannot end by itself: what is rotated by triggers passes, as the old one is deleted then. */
export const tokensExpire = resourceRule<Required<TokensExpire>>({
  name: "tokens-expire",
  severity: "high",
  description: "Tokens must end.",
  types: ["selectel:Token", "selectel:BasicToken", "dtr:ApiToken"],
  messages,
  settings: z.strictObject({
    days: z.number().positive().default(90).describe("How long a token may live, in days."),
    except: patterns("Names (`selectel.Token`) and labels (`dtr.ApiToken`) of tokens that may live longer, as globs."),
  }),
  judge({ days, except }, { now }) {
    const unlessExcepted = unlessNamed(except, "tokens-expire: except");
    return (subject) => {
      if (subject.type === "selectel:BasicToken") {
        subject.when({ ttl: text }, ({ ttl }) => ttl === "1y" && days < YEAR && subject.violates(messages.year));
        return;
      }
      if (subject.type === "dtr:ApiToken") {
        subject.when({ active: (value) => value !== false, rotationTriggers: record }, ({ active, rotationTriggers }) => {
          if (active && Object.keys(rotationTriggers).length === 0)
            unlessExcepted(subject, ["label"], () => subject.violates(messages.api));
        });
        return;
      }
      subject.when({ expiresIn: text, expiresAt: text }, ({ expiresIn, expiresAt }) => {
        const violates = (message: string) =>
          unlessExcepted(subject, ["name"], () => subject.violates(message, { days, life: durationOf(days) }));
        if (expiresIn === undefined && (expiresAt === undefined || expiresAt === "never")) return violates(messages.endless);
        // What is no duration and no time is the resource's own error, which comes first.
        const life = expiresIn === undefined ? Date.parse(expiresAt ?? "") - now() : milliseconds(expiresIn);
        if (life !== undefined && life > days * DAY) violates(messages.late);
      });
    };
  },
});

/** As the resource takes it: it knows no parts of a day. */
function durationOf(days: number): string {
  const seconds = Math.max(1, Math.floor(days * 86_400));
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  return seconds % 3600 === 0 ? `${seconds / 3600}h` : `${seconds}s`;
}
