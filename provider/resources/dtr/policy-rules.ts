import { z } from "zod";
import type { PruningPolicy } from "../../registries/dtr";

/** What a rule looks at, as DTR 2.6 describes it. */
export type RuleField =
  | "tag"
  | "license.name"
  | "component.name"
  | "vulnerability_all"
  | "vulnerability_critical"
  | "vulnerability_major"
  | "vulnerability_minor"
  | "updated_at"
  | "updated_at_duration";

/**
 * How a rule compares: `eq` equals, `neq` is not, `sw` starts with, `ew` ends with, `c` contains, `oo` one of, `noo` not one of, `gte`, `gt`, `lte` and `lt`
 * as numbers, `bf` before, `af` after.
 */
export type RuleOperator = "eq" | "neq" | "sw" | "ew" | "c" | "oo" | "noo" | "gte" | "gt" | "lte" | "lt" | "bf" | "af";

/** Any other text: later versions of the server know more. */
type Other = string & {};

/** A condition on tags. A policy is for the tags that fulfil all of its rules. */
export interface PolicyRule {
  /**
   * What is looked at: the `tag`, `license.name`, `component.name`, the number of vulnerabilities (`vulnerability_all`, `vulnerability_critical`,
   * `vulnerability_major`, `vulnerability_minor`), when the tag was last pushed (`updated_at`) or how long ago that is (`updated_at_duration`). Another field
   * gives a warning.
   */
  field: RuleField | Other;
  /**
   * `eq`, `sw`, `ew`, `c`, `oo`, `noo` for `tag`; `oo`, `noo` for licenses and components; `gte`, `gt`, `eq`, `neq`, `lte`, `lt` for numbers of vulnerabilities;
   * `bf`, `af` for times. Another operator gives a warning.
   */
  operator: RuleOperator | Other;
  /** Texts, numbers too: `["10"]`. A time is RFC 3339, a duration `12h`. Only `oo` and `noo` take several. */
  values: string[];
}

const text = z.string().min(1, "must not be empty");
export const PolicyRules: z.ZodType<PolicyRule[]> = z.array(
  z.strictObject({
    field: text,
    operator: text,
    values: z.array(z.string('must be a string, numbers too: "10"')).min(1, "must hold a value"),
  }),
);

/** Rules as a server answers them. */
export const shownRules = (rules: PruningPolicy["rules"]): PolicyRule[] =>
  rules.map(({ field, operator, values }) => ({ field, operator, values: [...values] }));

const texts = ["eq", "sw", "ew", "c", "oo", "noo"] as const;
const names = ["oo", "noo"] as const;
const numbers = ["gte", "gt", "eq", "neq", "lte", "lt"] as const;
const times = ["bf", "af"] as const;

/** Which operators each field takes: description of DTR 2.6, models of the rule engine. */
export const ruleOperators: Readonly<Record<RuleField, readonly RuleOperator[]>> = {
  tag: texts,
  "license.name": names,
  "component.name": names,
  vulnerability_all: numbers,
  vulnerability_critical: numbers,
  vulnerability_major: numbers,
  vulnerability_minor: numbers,
  updated_at: times,
  updated_at_duration: times,
};

/** What looks wrong with rules, one sentence each. Servers newer than the description may know better, so none of it is an error here. */
export function ruleWarnings(rules: readonly PolicyRule[]): string[] {
  return rules.flatMap(({ field, operator, values }, index) => {
    const where = `rules[${index}]`;
    const operators = isKnown(field) ? ruleOperators[field] : undefined;
    if (!isKnown(field) || !operators)
      return [`${where}: DTR 2.6 describes no field ${field} (it knows ${Object.keys(ruleOperators).join(", ")}); the server decides`];
    if (!operators.some((known) => known === operator))
      return [`${where}: DTR 2.6 describes no operator ${operator} for ${field} (it knows ${operators.join(", ")}); the server decides`];
    const warnings = values.flatMap((value) => {
      const wrong = wrongValue(field, value);
      return wrong === undefined ? [] : [`${where}: ${JSON.stringify(value)} ${wrong}`];
    });
    if (values.length > 1 && operator !== "oo" && operator !== "noo")
      warnings.push(`${where}: ${operator} takes one value, so the server may look at the first of ${values.length} alone`);
    return warnings;
  });
}

const isKnown = (field: string): field is RuleField => Object.hasOwn(ruleOperators, field);

function wrongValue(field: RuleField, value: string): string | undefined {
  if (field.startsWith("vulnerability_") && !/^\d+$/.test(value)) return `is no number of vulnerabilities`;
  if (field === "updated_at" && (!/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(Date.parse(value))))
    return "is no RFC 3339 time such as 2026-01-31T00:00:00Z";
  if (field === "updated_at_duration" && !/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(value))
    return "is no duration as Go reads it: 90s, 12h or 1h30m; a day is 24h";
  return undefined;
}
