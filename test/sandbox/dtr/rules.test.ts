import { image, push } from "../images";
import { items, outcome, rig } from "./rig";
import { durationOf, OPERATORS } from "./rules";

const TAGS = ["v1", "v2", "build-1", "build-2", "latest"];

/** Five tags, pushed a day apart, the last one now; `v1` is scanned: 1 critical, 2 major, 3 minor. */
async function filled(options: Parameters<typeof rig>[0] = {}) {
  const world = rig(options);
  for (const [at, tag] of TAGS.entries()) {
    world.clock.set(new Date(Date.UTC(2026, 0, 1 + at)));
    push(world.store, "team/app", tag, image({ layers: [tag] }));
  }
  world.state.world.findings = (_repository, tag) =>
    tag === "v1" ? { critical: 1, major: 2, minor: 3, licenses: ["MIT", "GPL"], components: ["openssl"] } : undefined;
  return world;
}

async function prunable(field: string, operator: string, values: readonly string[], options = {}) {
  const { call } = await filled(options);
  const body = { enabled: true, rules: [{ field, operator, values }] };
  return call("POST", "repositories/team/app/pruningPolicies/test?pageSize=100", { body });
}

describe("a rule", () => {
  const sorted = (tags: readonly string[]) => [...tags].sort();

  it.each([
    ["tag", "eq", ["v1"], ["v1"]],
    ["tag", "eq", ["v1", "v2"], ["v1"]],
    ["tag", "sw", ["build-"], ["build-1", "build-2"]],
    ["tag", "ew", ["2"], ["v2", "build-2"]],
    ["tag", "c", ["u"], ["build-1", "build-2"]],
    ["tag", "oo", ["v1", "latest", "none"], ["v1", "latest"]],
    ["tag", "noo", ["v1", "latest"], ["v2", "build-1", "build-2"]],
    ["license.name", "oo", ["MIT"], ["v1"]],
    ["license.name", "oo", ["BSD"], []],
    ["license.name", "noo", ["BSD"], ["v1"]],
    ["component.name", "oo", ["openssl", "bash"], ["v1"]],
    ["component.name", "noo", ["openssl"], []],
    ["vulnerability_all", "eq", ["6"], ["v1"]],
    ["vulnerability_all", "gt", ["6"], []],
    ["vulnerability_critical", "gte", ["1"], ["v1"]],
    ["vulnerability_critical", "lt", ["1"], []],
    ["vulnerability_major", "neq", ["2"], []],
    ["vulnerability_major", "lte", ["2"], ["v1"]],
    ["vulnerability_minor", "gt", ["2"], ["v1"]],
    ["updated_at", "bf", ["2026-01-03T00:00:00Z"], ["v1", "v2"]],
    ["updated_at", "af", ["2026-01-03T00:00:00Z"], ["build-2", "latest"]],
    ["updated_at_duration", "bf", ["48h"], ["v1", "v2"]],
    ["updated_at_duration", "af", ["36h"], ["build-2", "latest"]],
  ])("%s %s %j holds for %j", async (field, operator, values, expected) => {
    const answer = await prunable(field, operator, values);
    expect(items(answer).map(({ name }) => name)).toEqual(sorted(expected));
  });

  it.each(Object.entries(OPERATORS).flatMap(([field, operators]) => operators.map((operator) => [field, operator] as const)))(
    "%s %s is known",
    async (field, operator) => {
      const values: Readonly<Record<string, string>> = { updated_at: "2026-01-01T00:00:00Z", updated_at_duration: "1h" };
      expect((await prunable(field, operator, [values[field] ?? "1"])).status).toBe(200);
    },
  );

  it.each([
    ["tag", "zzz", ["x"]],
    ["tag", "gte", ["1"]],
    ["tag", "matches", ["^v"]],
    ["license.name", "eq", ["MIT"]],
    ["component.name", "c", ["open"]],
    ["vulnerability_all", "oo", ["1"]],
    ["vulnerability_critical", "eq", ["many"]],
    ["updated_at", "bf", ["yesterday"]],
    ["updated_at_duration", "bf", ["1 day"]],
    ["updated_at_duration", "eq", ["1h"]],
    ["nonsense", "eq", ["x"]],
    ["tag", "eq", []],
  ])("%s %s %j is refused, as 404 or by the switch as 400", async (field, operator, values) => {
    expect(outcome(await prunable(field, operator, values))).toBe("404 INVALID_PRUNING_POLICY");
    expect(outcome(await prunable(field, operator, values, { invalidPolicy: "400" }))).toBe("400 INVALID_PRUNING_POLICY");
  });

  it.each([
    { rules: "tag" },
    { rules: ["tag"] },
    { rules: [{ field: "tag", operator: "eq", values: "v1" }] },
    { rules: [{ field: "tag" }] },
  ])("%j is no rule", async (body) => {
    const { call } = rig();
    expect(outcome(await call("POST", "repositories/team/app/pruningPolicies/test", { body }))).toBe("404 INVALID_PRUNING_POLICY");
  });

  it("takes expressions by the switch matches", async () => {
    const answer = await prunable("tag", "matches", ["^v\\d$"], { matches: "known" });
    expect(items(answer).map(({ name }) => name)).toEqual(["v1", "v2"]);
  });

  it("is one of several that must all hold; without rules none holds", async () => {
    const { call } = await filled();
    const test = async (rules: readonly object[]) =>
      items(await call("POST", "repositories/team/app/pruningPolicies/test", { body: { rules } })).map(({ name }) => name);
    const old = { field: "updated_at_duration", operator: "bf", values: ["24h"] };
    expect(await test([{ field: "tag", operator: "sw", values: ["build-"] }, old])).toEqual(["build-1"]);
    expect(await test([])).toEqual([]);
  });
});

describe("durations", () => {
  it.each([
    ["12h", 43_200_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1_500],
    ["250ms", 250],
    ["-1m", -60_000],
    ["0", 0],
    ["1d", undefined],
    ["12", undefined],
    ["", undefined],
  ])("%s is %s ms", (text, expected) => {
    expect(durationOf(text)).toBe(expected);
  });
});
