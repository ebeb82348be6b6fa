import * as fc from "fast-check";
import { type PolicyRule, ruleOperators, ruleWarnings } from "../../../provider/resources/dtr/policy-rules";

const value = (field: string): string =>
  field === "updated_at"
    ? "2026-01-31T00:00:00Z"
    : field === "updated_at_duration"
      ? "12h"
      : field.startsWith("vulnerability_")
        ? "10"
        : "v1";
const known = Object.entries(ruleOperators).flatMap(([field, operators]) => operators.map((operator) => ({ field, operator })));

describe("a rule that DTR 2.6 describes", () => {
  it.each(known)("gives no warning: $field $operator", ({ field, operator }) => {
    expect(ruleWarnings([{ field, operator, values: [value(field)] }])).toEqual([]);
  });

  it("takes several values where it says one of, or not one of", () => {
    expect(ruleWarnings([{ field: "tag", operator: "oo", values: ["a", "b"] }])).toEqual([]);
    expect(ruleWarnings([{ field: "license.name", operator: "noo", values: ["MIT", "GPL"] }])).toEqual([]);
  });

  it.each(["90s", "12h", "1h30m", "1.5h", "300ms"])("takes a duration as Go writes it: %s", (duration) => {
    expect(ruleWarnings([{ field: "updated_at_duration", operator: "bf", values: [duration] }])).toEqual([]);
  });
});

describe("a rule that it does not describe gives one warning that says what", () => {
  const cases: readonly (PolicyRule & { said: RegExp })[] = [
    { field: "pushed_by", operator: "eq", values: ["a"], said: /no field pushed_by \(it knows tag, license\.name,/ },
    { field: "toString", operator: "eq", values: ["a"], said: /no field toString/ },
    { field: "tag", operator: "matches", values: ["a"], said: /no operator matches for tag \(it knows eq, sw, ew, c, oo, noo\)/ },
    { field: "tag", operator: "gt", values: ["1"], said: /no operator gt for tag/ },
    { field: "component.name", operator: "eq", values: ["openssl"], said: /no operator eq for component\.name \(it knows oo, noo\)/ },
    { field: "updated_at", operator: "eq", values: ["2026-01-31T00:00:00Z"], said: /no operator eq for updated_at/ },
    { field: "vulnerability_all", operator: "gt", values: ["many"], said: /"many" is no number of vulnerabilities/ },
    { field: "vulnerability_all", operator: "gt", values: ["-1"], said: /"-1" is no number/ },
    { field: "updated_at", operator: "bf", values: ["yesterday"], said: /"yesterday" is no RFC 3339 time/ },
    { field: "updated_at_duration", operator: "bf", values: ["30d"], said: /"30d" is no duration as Go reads it/ },
    { field: "tag", operator: "eq", values: ["a", "b"], said: /eq takes one value, so the server may look at the first of 2 alone/ },
  ];
  it.each(cases)("$field $operator $values", ({ said, ...rule }) => {
    const warnings = ruleWarnings([{ field: "tag", operator: "eq", values: ["v1"] }, rule]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(said);
    expect(warnings[0]).toMatch(/^rules\[1\]: /);
  });

  it("whatever stands in it: nothing is thrown, and every rule is looked at", () => {
    const rule = fc.record({ field: fc.string(), operator: fc.string(), values: fc.array(fc.string(), { minLength: 1 }) });
    fc.assert(
      fc.property(fc.array(rule), (rules) => {
        const strange = rules.filter(({ field }) => !Object.hasOwn(ruleOperators, field));
        expect(ruleWarnings(rules).length).toBeGreaterThanOrEqual(strange.length);
      }),
      { numRuns: 50 },
    );
  });
});
