import * as registries from "../../provider";
import { provider } from "../../provider/dynamic";
import type { PolicySettings } from "../../provider/policies";
import { longType } from "../../provider/policies/subject";
import { holdsUnknown } from "../../provider/resources/unknown";
import { type Case, cases, type Props } from "./cases";
import { allRules, expected, policyOf, ruleOf, template, told } from "./run";

const named = cases.map((each) => ({ ...each, name: `${each.rule}: ${each.what} (${each.resources.map(({ type }) => type).join(", ")})` }));
const single = named.filter(({ resources }) => resources.length === 1);
const sorted = <T>(list: readonly T[]): T[] => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
const keys = [...new Set(cases.map(({ rule }) => rule))];

/** With the case's first resource replaced. */
const withProps = (each: Case, props: Props): Case => ({
  ...each,
  resources: each.resources.map((one, index) => (index === 0 ? { ...one, props } : one)),
});

describe("every rule", () => {
  it.each(named)("$name", (each) => {
    const found = told(policyOf(each.rule, each.configuration), each).map(({ message, urn, level }) => ({
      urn,
      message: template(each.rule, message),
      ...(level === undefined ? {} : { level }),
    }));
    expect(sorted(found)).toEqual(sorted(expected(each)));
  });

  it.each(named.filter(({ corrected }) => corrected))("passes what its message asks for: $name", (each) => {
    expect(told(policyOf(each.rule, each.configuration), withProps(each, each.corrected ?? {}))).toEqual([]);
  });

  it.each(named.filter(({ configuration }) => configuration))("takes the same configuration from --policy-pack-config: $name", (each) => {
    const inSettings = told(policyOf(each.rule, each.configuration), each);
    expect(told(policyOf(each.rule), each, each.configuration)).toEqual(inSettings);
  });

  it.each(keys)("has cases for each message, for unknown values, and for each type: %s", (rule) => {
    const own = cases.filter((each) => each.rule === rule);
    expect(new Set(own.flatMap(({ says = [] }) => says.map(([, message]) => message)))).toEqual(
      new Set(Object.keys(ruleOf(rule).messages)),
    );
    expect(own.some(({ unknown = [] }) => unknown.length > 0)).toBe(true);
    const seen = new Set(own.flatMap(({ resources }) => resources.map(({ type }) => type)));
    expect(ruleOf(rule).types.filter((type) => !seen.has(type))).toEqual([]);
  });

  it("has cases at all", () => {
    expect(keys.map((key) => ruleOf(key).name).sort()).toEqual(allRules.map(({ name }) => name).sort());
  });

  it("looks at types that the package has, and all modules are looked at", () => {
    const tokens = Object.values(registries)
      .flatMap((module) => Object.values(module))
      .flatMap((one) => (typeof one === "function" && "__pulumiType" in one ? [one.__pulumiType] : []));
    const types = allRules.flatMap((rule) => rule.types);
    expect(types.filter((type) => !tokens.includes(longType(type)))).toEqual([]);
    expect(new Set(types.map((type) => type.split(":")[0]))).toEqual(new Set(["dtr", "oci", "registryui", "selectel"]));
  });

  it.each(single.filter(({ refused }) => !refused))(
    "has cases with inputs that the resource takes: $name",
    async ({ resources, corrected }) => {
      for (const { type, props } of resources) {
        for (const inputs of [props, ...(corrected ? [corrected] : [])]) {
          const { failures = [] } = (await provider(type).check?.({}, { ...inputs })) ?? {};
          // A case leaves out what its rule does not look at; times of the cases are those of 2030.
          expect(failures.filter(({ reason }) => !/is missing/.test(reason))).toEqual([]);
        }
      }
    },
  );

  it.each(single.filter(({ refused, resources }) => !refused && !holdsUnknown(resources[0]?.props)))(
    "says the same of inputs after the resource filled in its defaults: $name",
    async (each) => {
      const [one] = each.resources;
      const checked = await provider(one?.type ?? "").check?.({}, { ...one?.props });
      expect(told(policyOf(each.rule, each.configuration), withProps(each, checked?.inputs ?? {}))).toEqual(
        told(policyOf(each.rule, each.configuration), each),
      );
    },
  );
});

describe("resources of other packages, and other types of this one", () => {
  const others = [
    "aws:s3/bucket:Bucket",
    "pulumi-nodejs:dynamic:Resource",
    "pulumi:pulumi:Stack",
    "pulumi-nodejs:dynamic/dtr:ContentCache",
    "dtr:Repository::",
  ];

  it.each(keys)("are left alone by %s", (rule) => {
    for (const { resources } of cases.filter((each) => each.rule === rule && each.says))
      for (const type of others) expect(told(policyOf(rule), { resources: resources.map((one) => ({ ...one, type })) })).toEqual([]);
  });
});

describe("messages", () => {
  it("hold no property: any of them may be a secret", () => {
    const secret = "hunter2";
    for (const each of cases) {
      // Every text but those that decide, with something that must not be seen.
      for (const [index, one] of each.resources.entries()) {
        for (const [key, value] of Object.entries(one.props)) {
          if (typeof value !== "string" || holdsUnknown(value)) continue;
          for (const marked of [secret, `${value}${secret}`, `${secret}${value}`]) {
            const resources = each.resources.map((other, at) =>
              at === index ? { ...one, props: { ...one.props, [key]: marked } } : other,
            );
            const said = told(policyOf(each.rule, each.configuration), { ...each, resources });
            expect(JSON.stringify(said)).not.toContain(secret);
          }
        }
      }
    }
  });

  it("say what to change: each names an input or a setting of the policy", () => {
    for (const rule of allRules)
      for (const message of Object.values(rule.messages)) expect(message).toMatch(/`\w+`|\{property\}|schedule|leave one of them/);
  });
});

describe("the level remediate", () => {
  const fixable = named.filter(({ rule }) => ruleOf(rule).remediation !== undefined);

  it.each(fixable)("puts right what it can, and no more: $name", (each) => {
    const [one] = each.resources;
    // As the engine sends it: what is internal is there for a remediation.
    const props: Record<string, unknown> = { ...structuredClone(one?.props), __provider: "exports.handler=…" };
    const result = remedied(each, props);
    expect(result).toEqual(each.fixed === undefined ? undefined : { ...each.fixed, __provider: "exports.handler=…" });
  });

  it.each(fixable.filter(({ fixed }) => fixed))("is idempotent: $name", (each) => {
    expect(remedied(each, { ...each.fixed })).toBe(undefined);
  });

  it("is there for every rule that documents one, and for no other", () => {
    for (const key of keys) expect("remediateResource" in policyOf(key)).toBe(ruleOf(key).remediation !== undefined);
    const proven = new Set(cases.flatMap(({ rule, fixed }) => (fixed ? [rule] : [])));
    expect(keys.filter((key) => ruleOf(key).remediation !== undefined && !proven.has(key))).toEqual([]);
  });
});

function remedied(each: Case, props: Record<string, unknown>): unknown {
  const policy = policyOf(each.rule as keyof PolicySettings, each.configuration);
  const [one] = each.resources;
  if (!("remediateResource" in policy) || !policy.remediateResource || !one) throw new Error("nothing to put right");
  const args = {
    type: longType(one.type),
    urn: `urn:pulumi:${each.stack ?? "dev"}::project::${longType(one.type)}::r0`,
    props,
    getConfig: () => ({}),
  };
  // Only these are read; the SDK's own call is made in runner.test.ts.
  return policy.remediateResource(args as unknown as Parameters<typeof policy.remediateResource>[0]);
}
