import { image, push } from "../../sandbox/images";
import type { OneResource } from "../engine";
import { declare } from "./lifecycle-of";
import { api, type Collection, failure, keptIn, kinds, place, startPolicies } from "./policy-kinds";
import type { World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startPolicies>[0] = {}): Promise<OneResource> => {
  world = await startPolicies(options);
  return world.one(type);
};
const kept = (collection: Collection, repository?: string) => keptIn(world, collection, repository);

const pushTags = (...tags: string[]) => {
  for (const tag of tags) push(world.dtr.store, "team/app", tag, image({ labels: { tag } }));
};
const tags = () => [...(world.dtr.store.repository("team/app")?.tags.keys() ?? [])].sort();

describe("initialEvaluation", () => {
  const pruning = { ...place, rules: [{ field: "tag", operator: "sw", values: ["build-"] }] };

  it("is off: a policy deletes nothing when it is made or changed", async () => {
    const resource = await start("dtr:PruningPolicy");
    pushTags("build-1", "v1");
    const state = await declare(resource, { ...pruning, enabled: false });
    await resource.up({ ...pruning, rules: [{ field: "tag", operator: "eq", values: ["v1"] }] }, state);
    expect(tags()).toEqual(["build-1", "v1"]);
    expect(world.writes().every((line) => line.endsWith("initialEvaluation=false"))).toBe(true);
  });

  it("when asked for is sent where the policy is made and where its rules change, and nowhere else", async () => {
    const resource = await start("dtr:PruningPolicy");
    pushTags("build-1", "v1", "v2");
    const asked = { ...pruning, initialEvaluation: true };
    const state = await declare(resource, asked);
    expect(tags()).toEqual(["v1", "v2"]);
    const changed = await declare(resource, { ...asked, rules: [{ field: "tag", operator: "eq", values: ["v1"] }] }, state);
    expect(tags()).toEqual(["v2"]);
    await resource.up({ ...asked, rules: [{ field: "tag", operator: "eq", values: ["v1"] }], enabled: false }, changed);
    const [, id] = /pruningPolicies\/([^?]+)/.exec(world.writes()[1] ?? "") ?? [];
    expect(world.writes()).toEqual([
      `POST ${api("pruningPolicies")}?initialEvaluation=true`,
      `PUT ${api("pruningPolicies", id)}?initialEvaluation=true`,
      `PUT ${api("pruningPolicies", id)}?initialEvaluation=false`,
    ]);
  });

  it.each(kinds)("when asked for is sent where a policy is made: $type", async ({ type, collection, inputs }) => {
    const resource = await start(type);
    const state = await declare(resource, { ...inputs, initialEvaluation: true });
    expect(state.outputs.initialEvaluation).toBe(true);
    expect(world.writes()).toEqual([`POST ${api(collection)}?initialEvaluation=true`]);
  });

  it("is how a policy is handled: a change of it alone sends nothing", async () => {
    const resource = await start("dtr:PruningPolicy");
    const state = await declare(resource, pruning);
    world.forget();
    expect((await resource.up({ ...pruning, initialEvaluation: true }, state)).step).toBe("update");
    expect(world.requests()).toEqual([]);
  });

  it("that a proxy does not wait for leaves one policy, and says what is not known", async () => {
    const resource = await start("dtr:PruningPolicy", { evaluationTimeout: 0 });
    pushTags("build-1", "build-2");
    const asked = { ...pruning, initialEvaluation: true };
    const state = await declare(resource, asked);
    expect(kept("pruningPolicies").map(({ id }) => `team/app/${id}`)).toEqual([state.id]);
    expect(resource.lines.join("\n")).toMatch(/policy is saved, but the end of its evaluation was not seen/);
    resource.lines.splice(0);
    world.forget();
    pushTags("old-1", "keep");
    await resource.up({ ...asked, rules: [{ field: "tag", operator: "sw", values: ["old-"] }] }, state);
    expect(world.writes()).toHaveLength(1);
    expect(resource.lines.join("\n")).toMatch(/policy is saved/);
    expect(tags()).toEqual(["keep"]);
  });

  it("that never gets through is an error that names the way out", async () => {
    const resource = await start("dtr:PruningPolicy");
    world.sandbox.control.inject({
      api: "dtr",
      method: "POST",
      path: "pruningPolicies",
      times: 20,
      fault: { kind: "status", status: 504 },
    });
    expect(await failure(resource.up({ ...pruning, initialEvaluation: true }))).toMatch(
      /504.*did not take effect.*Leave initialEvaluation out/,
    );
    expect(kept("pruningPolicies")).toEqual([]);
  });
});
