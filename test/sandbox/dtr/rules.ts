import { isObject } from "../references";
import { bool, type JsonObject } from "./call";
import type { Repository, Rule } from "./repositories-model";
import { digestOfTag, updatedAt } from "./stored-tags";
import type { World } from "./world";

const TEXT = ["eq", "sw", "ew", "c", "oo", "noo"];
const NAMES = ["oo", "noo"];
const NUMBERS = ["gte", "gt", "eq", "neq", "lte", "lt"];
const TIMES = ["bf", "af"];

/** Which operators each field takes. */
export const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  tag: TEXT,
  "license.name": NAMES,
  "component.name": NAMES,
  vulnerability_all: NUMBERS,
  vulnerability_critical: NUMBERS,
  vulnerability_major: NUMBERS,
  vulnerability_minor: NUMBERS,
  updated_at: TIMES,
  updated_at_duration: TIMES,
};

/** True when a tag fulfils every rule; without rules none does. What was not scanned fulfils no rule about what a scan finds. */
export function fulfils(world: World, repository: Repository, tag: string, rules: readonly Rule[]): boolean {
  return rules.length > 0 && rules.every((rule) => holds(world, repository, tag, rule));
}

/** The rules of a form, or a sentence about what is wrong with them. Absent: undefined. */
export function rulesOf(world: World, fields: JsonObject): readonly Rule[] | string | undefined {
  bool(fields, "enabled");
  const { rules } = fields;
  if (rules === undefined || rules === null) return undefined;
  if (!Array.isArray(rules)) return "rules must be a list.";
  const parsed: Rule[] = [];
  for (const rule of rules) {
    const checked = ruleOf(world, rule);
    if (typeof checked === "string") return checked;
    parsed.push(checked);
  }
  return parsed;
}

function ruleOf({ switches }: World, given: unknown): Rule | string {
  if (!isObject(given)) return "A rule must be an object.";
  const { field, operator, values } = given;
  if (typeof field !== "string" || typeof operator !== "string") return "A rule has a field and an operator.";
  const operators = OPERATORS[field];
  if (!operators) return `There is no field '${field}'.`;
  const known = operators.includes(operator) || (operator === "matches" && operators === TEXT && switches.matches === "known");
  if (!known) return `The field '${field}' has no operator '${operator}'.`;
  if (!Array.isArray(values) || values.length === 0 || !values.every((value) => typeof value === "string"))
    return "The values of a rule are a list of strings.";
  const [first = ""] = values;
  if (operators === NUMBERS && !/^-?\d+$/.test(first)) return `The value '${first}' of '${field}' is no number.`;
  if (field === "updated_at" && Number.isNaN(Date.parse(first))) return `The value '${first}' of '${field}' is no time.`;
  if (field === "updated_at_duration" && durationOf(first) === undefined) return `The value '${first}' of '${field}' is no duration.`;
  return { field, operator, values };
}

function holds(world: World, repository: Repository, tag: string, { field, operator, values }: Rule): boolean {
  const [value = ""] = values;
  if (field === "tag") return textHolds(tag, operator, values);
  if (field === "updated_at" || field === "updated_at_duration") {
    const limit = field === "updated_at" ? Date.parse(value) : world.clock.now().getTime() - (durationOf(value) ?? 0);
    const updated = updatedAt(world, repository, tag).getTime();
    return operator === "bf" ? updated < limit : updated > limit;
  }
  const findings = digestOfTag(world, repository, tag) === undefined ? undefined : world.findings(repository, tag);
  if (!findings) return false;
  if (field === "license.name" || field === "component.name") {
    const found = field === "license.name" ? findings.licenses : findings.components;
    return found.some((name) => values.includes(name)) === (operator === "oo");
  }
  const { critical, major, minor } = findings;
  const counts: Readonly<Record<string, number>> = {
    vulnerability_all: critical + major + minor,
    vulnerability_critical: critical,
    vulnerability_major: major,
    vulnerability_minor: minor,
  };
  return numberHolds(counts[field] ?? 0, operator, Number(value));
}

function textHolds(text: string, operator: string, values: readonly string[]): boolean {
  const [value = ""] = values;
  switch (operator) {
    case "eq":
      return text === value;
    case "sw":
      return text.startsWith(value);
    case "ew":
      return text.endsWith(value);
    case "c":
      return text.includes(value);
    case "oo":
      return values.includes(text);
    case "noo":
      return !values.includes(text);
    default:
      return new RegExp(value).test(text);
  }
}

function numberHolds(number: number, operator: string, value: number): boolean {
  switch (operator) {
    case "gte":
      return number >= value;
    case "gt":
      return number > value;
    case "eq":
      return number === value;
    case "neq":
      return number !== value;
    case "lte":
      return number <= value;
    default:
      return number < value;
  }
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as Go writes it: `12h`, `1h30m`, `1.5s`; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const [, sign, parts = ""] = /^([-+]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (sign === undefined) return text === "0" ? 0 : undefined;
  const sum = [...parts.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (total, [, amount, unit = ""]) => total + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );
  return sign === "-" ? -sum : sum;
}
