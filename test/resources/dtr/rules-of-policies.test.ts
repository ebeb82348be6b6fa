import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { type Collection, failure, keptIn, place, rules, startPolicies, withRules } from "./policy-kinds";
import type { World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startPolicies>[0] = {}): Promise<OneResource> => {
  world = await startPolicies(options);
  return world.one(type);
};
const kept = (collection: Collection, repository?: string) => keptIn(world, collection, repository);

describe("rules", () => {
  it.each(withRules)("that the description does not know are sent with a warning: $type", async ({ type, inputs }) => {
    const resource = await start(type, { matches: "known" });
    await declare(resource, { ...inputs, rules: [{ field: "tag", operator: "matches", values: ["^v\\d+$"] }] });
    expect(resource.lines.join("\n")).toMatch(/warning: dtr:\w+ team\/app: rules\[0\]: DTR 2.6 describes no operator matches for tag/);
  });

  it.each(withRules)(
    "that the server does not know are bad input, not something that is gone: $type",
    async ({ type, collection, inputs }) => {
      const resource = await start(type);
      const zzz = [{ field: "tag", operator: "zzz", values: ["1"] }];
      expect(await failure(resource.up({ ...inputs, rules: zzz }))).toMatch(/INVALID_\w+_POLICY.*no operator 'zzz'/);
      expect(kept(collection)).toEqual([]);
      const state = await declare(resource, inputs);
      expect(await failure(resource.up({ ...inputs, rules: zzz }, state))).toMatch(/INVALID_\w+_POLICY/);
      expect(await refreshed(resource, state)).toMatchObject({ id: state.id });
    },
  );

  it("are lists in their order: another order is another policy", async () => {
    const resource = await start("dtr:PruningPolicy");
    const state = await declare(resource, { ...place, rules });
    expect((await resource.up({ ...place, rules: rules.toReversed() }, state)).step).toBe("update");
    expect(kept("pruningPolicies")).toMatchObject([{ rules: rules.toReversed() }]);
  });

  it.each([
    { what: "no rule at all", given: [], said: "must hold a rule" },
    { what: "a number for a value", given: [{ field: "vulnerability_all", operator: "gt", values: [10] }], said: "must be a string" },
    { what: "no value", given: [{ field: "tag", operator: "eq", values: [] }], said: "must hold a value" },
    { what: "an unknown key", given: [{ field: "tag", operator: "eq", values: ["a"], value: "a" }], said: "has no value" },
  ])("are refused before anything is sent: $what", async ({ given, said }) => {
    const resource = await start("dtr:PruningPolicy");
    expect((await resource.failures({ ...place, rules: given })).map(({ reason }) => reason).join("; ")).toContain(said);
    expect(world.requests()).toEqual([]);
  });

  it("a promotion to a repository that is not there is an error that says so, also when it is changed", async () => {
    const resource = await start("dtr:PromotionPolicy");
    const inputs = { ...place, rules, targetRepository: "team/prod" };
    expect(await failure(resource.up({ ...inputs, targetRepository: "team/none" }))).toMatch(/NO_SUCH_REPOSITORY/);
    const state = await declare(resource, inputs);
    const said = await failure(resource.up({ ...inputs, targetRepository: "team/none" }, state));
    expect(said).toMatch(/NO_SUCH_REPOSITORY/);
    expect(said).not.toContain("pulumi refresh");
  });

  it("a promotion to itself is refused, unless the tag gets another name", async () => {
    const resource = await start("dtr:PromotionPolicy");
    const self = { ...place, rules, targetRepository: "team/app" };
    expect(await resource.failures(self)).toMatchObject([{ property: "targetRepository" }]);
    expect(await resource.failures({ ...self, tagTemplate: "%n-promoted" })).toEqual([]);
  });
});
