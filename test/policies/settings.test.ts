import { createRequire } from "node:module";
import { type PolicySettings, registryPolicies, rules } from "../../provider/policies";
import { requireSdk } from "../../provider/policies/sdk";
import { table } from "../../provider/policies/table";
import { parseDuration } from "../../provider/resources/duration";
import { cases } from "./cases";
import { around, policyOf, told } from "./run";

const keys = Object.keys(table) as (keyof PolicySettings)[]; // by the table's type

describe("registryPolicies", () => {
  it("gives every rule, mandatory, with its severity and description", () => {
    const policies = registryPolicies();
    expect(policies.map(({ name }) => name)).toEqual(rules.map(({ name }) => name));
    expect(new Set(policies.map(({ enforcementLevel }) => enforcementLevel))).toEqual(new Set(["mandatory"]));
    for (const [index, policy] of policies.entries()) {
      expect(policy.description).toBe(rules[index]?.description);
      expect(policy.severity).toBe(rules[index]?.severity);
    }
    expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
  });

  it("calls each rule in the settings by its name in camel case", () => {
    const camel = (name: string) => name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
    expect(keys).toEqual(rules.map(({ name }) => camel(name)));
  });

  it.each(keys)("sets the level of %s, alone or beside its configuration", (key) => {
    const { name } = table[key];
    for (const level of ["advisory", "disabled", "mandatory"] as const)
      for (const setting of [level, { level }])
        expect(registryPolicies({ [key]: setting }).find((policy) => policy.name === name)?.enforcementLevel).toBe(level);
  });

  it.each(keys)("lets %s put right only where it can", (key) => {
    const attempt = () =>
      registryPolicies({ [key]: "remediate" } as PolicySettings).find(({ name }) => name === table[key].name)?.enforcementLevel;
    if (table[key].remediation === undefined)
      expect(attempt).toThrow(`the policy ${table[key].name} has no level "remediate": choose one of advisory, mandatory, disabled`);
    else expect(attempt()).toBe("remediate");
  });

  it.each([
    [{ tokenExpire: "disabled" }, /there is no policy tokenExpire: there are tokensExpire, /],
    [{ tokensExpire: "off" }, /the policy tokens-expire has no level "off"/],
    [{ tokensExpire: false }, /the policy tokens-expire cannot be set to false: give a level, or an object/],
    [{ tokensExpire: 30 }, /the policy tokens-expire cannot be set to 30: give a level, or an object/],
    [{ tokensExpire: null }, /the policy tokens-expire cannot be set to null: give a level, or an object/],
    [{ tokensExpire: ["advisory"] }, /the policy tokens-expire cannot be set to \["advisory"\]: give a level, or an object/],
    ["advisory", /the settings must be an object of rules/],
    [{ tokensExpire: { days: 0 } }, /the policy tokens-expire is not configured as it can be: .*days/],
    [{ tokensExpire: { day: 3 } }, /the policy tokens-expire is not configured as it can be: .*"day"/],
    [{ noPublicRepositories: { allow: ["a/(b)"] } }, /no-public-repositories: allow.*character "\("/],
    [{ namesFollowAPattern: { teams: "(?=x)" } }, /names-follow-a-pattern: teams.*no regular expression/],
  ])("refuses what it does not know at once: %j", (settings, message) => {
    expect(() => registryPolicies(settings as PolicySettings)).toThrow(message);
  });

  it("tells the engine what can be configured, with the program's settings as defaults", () => {
    const { configSchema } = policyOf("tokensExpire", { days: 30 });
    expect(configSchema?.properties).toMatchObject({
      days: { type: "number", exclusiveMinimum: 0, default: 30, description: expect.any(String) },
      except: { type: "array", items: { type: "string" }, default: [] },
    });
    for (const { name, configuration } of rules)
      for (const [key, schema] of Object.entries(configuration))
        expect([name, key, schema]).toEqual([name, key, expect.objectContaining({ description: expect.any(String) })]);
  });

  it("puts --policy-pack-config over the program's settings, also for a rule that is disabled in it", () => {
    const [tooLong] = cases.filter(({ rule, what }) => rule === "tokensExpire" && what === "a token that lives too long");
    if (!tooLong) throw new Error("no case");
    expect(told(policyOf("tokensExpire", { days: 7 }), tooLong, { days: 91 })).toEqual([]);
    expect(told(policyOf("tokensExpire", { level: "disabled", days: 365 }), tooLong, { days: 30 })).toHaveLength(1);
    expect(() => told(policyOf("tokensExpire"), tooLong, { days: "x" })).toThrow("the policy tokens-expire is not configured as it can be");
  });

  it("refuses a --policy-pack-config that cannot be at the first resource, whatever that is", () => {
    const bucket = { resources: [{ type: "aws:s3/bucket:Bucket", props: {} }] };
    for (const key of ["tokensExpire", "repositoriesHaveRetention"] as const)
      expect(() => told(policyOf(key), bucket, { excpt: [] })).toThrow(/is not configured as it can be: .*"excpt"/);
  });

  it.each([
    [30, "30d"],
    [0.5, "12h"],
    [1.5, "36h"],
    [0.0104, "898s"],
  ])("names a life that the resource takes: %d days", (days, life) => {
    const props = { name: "ci", registries: ["r"], expiresAt: "never" };
    const [said] = told(policyOf("tokensExpire", { days }), { resources: [{ type: "selectel:Token", props }] });
    expect(said?.message).toBe(`the token never ends: set \`expiresIn\` to "${life}" or less, and \`rotateBefore\``);
    expect(() => parseDuration(life)).not.toThrow();
  });

  it("looks at the real clock by default", () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const props = { name: "ci", registries: ["r"], expiresAt: soon };
    const [policy] = registryPolicies();
    if (!policy) throw new Error("no policy");
    expect(told(policy, { resources: [{ type: "selectel:Token", props }] })).toEqual([]);
    const [then] = registryPolicies({}, around);
    if (!then) throw new Error("no policy");
    // Seen from 2030, the same time lies in the past.
    expect(told(then, { resources: [{ type: "selectel:Token", props: { ...props, expiresAt: "2031-01-01T00:00:00Z" } }] })).toHaveLength(1);
  });
});

describe("without @pulumi/policy", () => {
  it("loading says in one sentence what is missing", () => {
    const resolve = createRequire("/nowhere/index.js").resolve;
    expect(() => requireSdk(resolve)).toThrow(
      "registry-as-code/policies needs the package @pulumi/policy: add it to the policy pack with `npm install @pulumi/policy`",
    );
    expect(() => requireSdk(require.resolve)).not.toThrow();
  });
});
