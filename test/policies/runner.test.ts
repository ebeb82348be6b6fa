/** The whole way: the SDK's own runner of policy packs, with the packed package. */
import { execFileSync } from "node:child_process";
import { makeProgram, type Program, packOnce } from "../engine";
import type { Json } from "../engine/values";
import { Analyzer } from "./analyzer";
import { type Case, cases, NOW, UNKNOWN_TEXT } from "./cases";
import { examplePack, plainPack } from "./pack";
import { allRules, expected, providerProps, ruleOf, template, tokenOf, urnOf } from "./run";

jest.setTimeout(180_000);

let pack: Program;
let analyzer: Analyzer;
beforeAll(async () => {
  pack = await plainPack(NOW);
  analyzer = await Analyzer.start(pack.dir);
});
afterAll(async () => {
  await analyzer?.close();
  pack?.remove();
});

const SECRET = "hunter2-very-secret";
const CODE = "exports.handler=()=>1;";
const secret = (value: string): Json => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
const named = cases.map((each) => ({ ...each, name: `${each.rule}: ${each.what} (${each.resources.map(({ type }) => type).join(", ")})` }));

const resourcesOf = ({ resources, stack }: Case) =>
  resources.map((one, index) => ({
    type: tokenOf(one.type),
    urn: urnOf(one, index, stack),
    // Cases are JSON throughout.
    props: { ...(one.props as { readonly [key: string]: Json }), __provider: CODE },
    provider: one.provider ?? "urn:pulumi:dev::project::pulumi:providers:pulumi-nodejs::default",
    configured: providerProps(one),
    from: Object.fromEntries(
      Object.entries(one.from ?? {}).map(([key, origins]) => [
        key,
        origins.flatMap((origin) => {
          const from = resources[origin];
          return from ? [urnOf(from, origin, stack)] : [];
        }),
      ]),
    ),
  }));

describe("the SDK's runner", () => {
  it("knows every rule, with its level and its configuration", async () => {
    const { name, policies } = await analyzer.info();
    expect(name).toBe("registries");
    expect(policies.map((policy) => policy.name)).toEqual(allRules.map((rule) => rule.name));
    for (const [index, { properties }] of policies.entries())
      expect(Object.keys(properties ?? {}).sort()).toEqual(Object.keys(allRules[index]?.configuration ?? {}).sort());
  });

  it.each(named)("reports $name", async (each) => {
    const { name, description, scope } = ruleOf(each.rule);
    await analyzer.configure({ [name]: { level: "mandatory", properties: each.configuration ?? {} } });
    const resources = resourcesOf(each);
    const found =
      scope === "stack"
        ? await analyzer.analyzeStack(resources)
        : (
            await Promise.all(resources.map((one) => analyzer.analyze(one).then((list) => list.map((said) => ({ ...said, urn: one.urn })))))
          ).flat();
    const said = found
      .filter(({ policy }) => policy === name)
      .map(({ message, level, urn }) => ({
        urn,
        message: message.startsWith(`${description}\n`) ? template(each.rule, message.slice(description.length + 1)) : message,
        level,
      }));
    const order = (list: readonly object[]) => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    expect(order(said)).toEqual(
      order(expected(each).map((one) => ({ urn: one.urn, message: one.message, level: one.level ?? "mandatory" }))),
    );
  });

  it("says nothing when a rule is disabled", async () => {
    await analyzer.configure(Object.fromEntries(allRules.map(({ name }) => [name, { level: "disabled", properties: {} }])));
    for (const each of cases) {
      const resources = resourcesOf(each);
      expect(await analyzer.analyzeStack(resources)).toEqual([]);
      expect((await Promise.all(resources.map((one) => analyzer.analyze(one)))).flat()).toEqual([]);
    }
  });

  it.each(named.filter(({ fixed }) => fixed))("puts right, and keeps code, secrets and what is not known: $name", async (each) => {
    const { name } = ruleOf(each.rule);
    await analyzer.configure({ [name]: { level: "remediate", properties: each.configuration ?? {} } });
    const [one] = resourcesOf(each);
    if (!one) throw new Error("no resource");
    const more = { password: secret(SECRET), username: UNKNOWN_TEXT };
    const answer = await analyzer.remediate({ ...one, props: { ...one.props, ...more } });
    expect(answer).toEqual([{ policy: name, props: { ...each.fixed, ...more, __provider: CODE }, diagnostic: "" }]);
  });

  it("leaves inputs alone that need nothing", async () => {
    await analyzer.configure(
      Object.fromEntries(
        allRules.flatMap(({ name, remediation }) => (remediation ? [[name, { level: "remediate", properties: {} }]] : [])),
      ),
    );
    for (const each of cases.filter(({ fixed, configuration }) => fixed && !configuration)) {
      const [one] = resourcesOf(each);
      if (!one || JSON.stringify(each.fixed).includes("http://")) continue;
      // What one rule put right, another one has nothing against.
      const answers = await analyzer.remediate({ ...one, props: { ...(each.fixed as { readonly [key: string]: Json }) } });
      expect(answers.filter(({ policy }) => policy === ruleOf(each.rule).name)).toEqual([]);
    }
  });

  it("fails with one sentence for a configuration that cannot be", async () => {
    await analyzer.configure({ "tokens-expire": { level: "mandatory", properties: { days: "many" } } });
    const token = { type: tokenOf("selectel:Token"), urn: "urn:pulumi:dev::p::t::n", props: { expiresIn: "1d", name: SECRET } };
    const error = await analyzer.analyze(token).then(String, String);
    expect(error).toContain("the policy tokens-expire is not configured as it can be");
    expect(error).not.toMatch(/\.[jt]s:\d/); // nobody can do anything with a stack
    expect(error).not.toContain(SECRET);
    await analyzer.configure({});
  });

  it("prints nothing, and no secret is in what it reports", async () => {
    await analyzer.configure({});
    const told: unknown[] = [];
    for (const each of cases) {
      for (const one of resourcesOf(each)) {
        const props = Object.fromEntries(
          Object.entries(one.props).map(([key, value]) => [key, typeof value === "string" ? secret(`${value}${SECRET}`) : value]),
        );
        told.push(await analyzer.analyze({ ...one, props }), await analyzer.analyzeStack([{ ...one, props }]));
      }
    }
    expect(JSON.stringify(told)).toContain("mandatory");
    expect(JSON.stringify(told)).not.toContain(SECRET);
    expect(analyzer.output).toBe("");
  });
});

describe("examples/policy-pack", () => {
  it("compiles, starts, and has the levels that its source says", async () => {
    const example = await examplePack();
    const started = await Analyzer.start(example.dir);
    try {
      const { policies } = await started.info();
      const at = (level: string) => policies.filter((policy) => policy.level === level).map(({ name }) => name);
      expect(policies).toHaveLength(allRules.length);
      expect(at("remediate")).toEqual(["scan-on-push", "webhooks-verify-tls"]);
      expect(at("advisory")).toEqual(["names-follow-a-pattern", "owners-are-named"]);
      expect(at("disabled")).toEqual(["one-garbage-collection-per-registry"]);
      expect(policies.find(({ name }) => name === "tokens-expire")?.properties).toMatchObject({ days: { default: 30 } });
    } finally {
      await started.close();
      example.remove();
    }
  });
});

describe("the packed package without @pulumi/policy", () => {
  it("says in one sentence what is missing, and only where the rules are loaded", async () => {
    const program = makeProgram({ files: {}, tarball: await packOnce() });
    const load = (name: string) =>
      execFileSync(
        process.execPath,
        ["-e", `try { require("${name}"); console.log("loaded") } catch (error) { console.log(error.message) }`],
        {
          cwd: program.dir,
          encoding: "utf8",
        },
      ).trim();
    try {
      expect(load("registry-as-code")).toBe("loaded");
      expect(load("registry-as-code/policies")).toBe(
        "registry-as-code/policies needs the package @pulumi/policy: add it to the policy pack with `npm install @pulumi/policy`",
      );
    } finally {
      program.remove();
    }
  });
});
