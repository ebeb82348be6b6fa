import fc from "fast-check";
import { image, push } from "../images";
import { items, type Rig, rig } from "./rig";

const POLICIES = "repositories/team/app/pruningPolicies";
const tag = fc.stringMatching(/^[ab1]{1,3}$/);
const tags = fc.uniqueArray(tag, { minLength: 1, maxLength: 8 });
const rule = fc.record({
  field: fc.constant("tag"),
  operator: fc.constantFrom("eq", "sw", "ew", "c", "oo", "noo"),
  values: fc.array(tag, { minLength: 1, maxLength: 3 }),
});

function filled(names: readonly string[]): Rig {
  const world = rig();
  push(world.store, "team/app", names, image());
  return world;
}

const left = ({ store }: Rig) => [...(store.repository("team/app")?.tags.keys() ?? [])];
const wouldGo = async ({ call }: Rig, rules: readonly object[]) =>
  items(await call("POST", `${POLICIES}/test?pageSize=100`, { body: { rules } })).map(({ name }) => name);

describe("whatever the tags and the rules are", () => {
  it("a new policy deletes what its test said, and nothing else", () =>
    fc.assert(
      fc.asyncProperty(tags, fc.array(rule, { maxLength: 3 }), async (names, rules) => {
        const world = filled(names);
        const doomed = await wouldGo(world, rules);
        expect(left(world)).toEqual(names);
        await world.call("POST", POLICIES, { body: { enabled: true, rules } });
        expect(left(world)).toEqual(names.filter((name) => !doomed.includes(name)));
      }),
      { numRuns: 40 },
    ));

  it("oo and noo share the tags out, and more rules never delete more", () =>
    fc.assert(
      fc.asyncProperty(tags, rule, rule, async (names, first, second) => {
        const world = filled(names);
        const of = (operator: string) => wouldGo(world, [{ ...first, operator }]);
        expect([...(await of("oo")), ...(await of("noo"))].sort()).toEqual([...names].sort());
        expect(await wouldGo(world, [first])).toEqual(expect.arrayContaining(await wouldGo(world, [first, second])));
      }),
      { numRuns: 40 },
    ));
});
