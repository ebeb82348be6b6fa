import { type SelectelClient, type Token, timestampDate } from "../../registries/selectel";
import type { Failure } from "../declaration";
import { parseDuration } from "../duration";

/** What a token may do and for how long, as a program declares it. */
export interface TokenTerms {
  mode?: "read" | "write";
  registries?: string[];
  allRegistries?: boolean;
  expiresAt?: string;
  expiresIn?: string;
  rotateBefore?: string;
}

type Expiration = Parameters<SelectelClient["v2"]["tokens"]["create"]>[0]["expiration"];
type Scope = Parameters<SelectelClient["v2"]["tokens"]["create"]>[0]["scope"];

/** The word for a token without end. */
export const NEVER = "never";

/** Milliseconds since 1970 of an RFC 3339 time; Infinity for `never`. Throws on anything else. */
export function parseEnd(text: string): number {
  if (text === NEVER) return Number.POSITIVE_INFINITY;
  const time = timestampDate(text);
  if (!time) throw new RangeError('must be a time such as 2030-01-31T12:00:00Z, or "never"');
  return time.getTime();
}

export const scopeOf = ({ mode, registries, allRegistries }: TokenTerms): Scope => ({
  modeRW: mode === "write",
  allRegistries: allRegistries === true,
  ...(allRegistries ? {} : { registryIds: [...(registries ?? [])] }),
});

/** The expiry to ask for now. The API counts in whole seconds. */
export function expirationOf({ expiresAt, expiresIn }: TokenTerms, now: number): Expiration {
  if (expiresIn !== undefined) return { isSet: true, expiresAt: wholeSeconds(now + parseDuration(expiresIn)) };
  if (expiresAt === undefined || expiresAt === NEVER) return { isSet: false };
  return { isSet: true, expiresAt: wholeSeconds(parseEnd(expiresAt)) };
}

const wholeSeconds = (time: number): string => `${new Date(Math.floor(time / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** When the token ends, as the service says it: RFC 3339, or `never`. */
export const endOf = ({ expiration }: Token): string =>
  expiration.isSet && expiration.expiresAt !== undefined ? expiration.expiresAt : NEVER;

/** Whether two ways of writing an expiry mean the same second. */
export function sameTime(a: string, b: string): boolean {
  return Math.floor(parseEnd(a) / 1000) === Math.floor(parseEnd(b) / 1000);
}

/** Registries are a set. */
export const sameSet = (a: readonly string[] = [], b: readonly string[] = []): boolean => {
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((id) => right.has(id));
};

/** Rules across the properties of a token. */
export function termsFailures(terms: TokenTerms, now: number): Failure[] {
  const { registries, allRegistries, expiresAt, expiresIn, rotateBefore } = terms;
  const failures: Failure[] = [];
  if (allRegistries && registries && registries.length > 0)
    failures.push({ property: "registries", reason: "and allRegistries exclude each other: leave one out" });
  if (!allRegistries && (!registries || registries.length === 0)) {
    failures.push({
      property: "registries",
      reason: "is missing: list the ids of the registries that the token may reach, or set allRegistries: true",
    });
  }
  if (expiresAt !== undefined && expiresIn !== undefined)
    failures.push({ property: "expiresIn", reason: "and expiresAt exclude each other: leave one out" });
  if (expiresAt === undefined && expiresIn === undefined) {
    failures.push({
      property: "expiresAt",
      reason: 'is missing: give a time, or expiresIn, or say expiresAt: "never" for a token without end',
    });
  }
  if (expiresAt !== undefined && parseEnd(expiresAt) <= now)
    failures.push({ property: "expiresAt", reason: "lies in the past: choose a later time" });
  if (rotateBefore !== undefined) {
    if (expiresIn === undefined)
      failures.push({ property: "rotateBefore", reason: "needs expiresIn: a fixed time cannot be moved by rotating" });
    else if (parseDuration(rotateBefore) >= parseDuration(expiresIn))
      failures.push({ property: "rotateBefore", reason: "must be shorter than expiresIn, or every `up` would rotate" });
  }
  return failures;
}

/** Why a token has to be made anew although nothing was changed in the program. */
export function tokenDue(last: { status: string; expiration: string; rotateBefore?: string }, now: number): string | undefined {
  if (last.status !== "active") return `the token is ${last.status}`;
  const end = parseEnd(last.expiration);
  if (end <= now) return "the token has expired";
  if (last.rotateBefore !== undefined && end - parseDuration(last.rotateBefore) <= now) return "the token is due for rotation";
  return undefined;
}
