import { image, push } from "../images";
import { fields, items, outcome, type Rig, rig } from "./rig";

const POLICIES = "repositories/team/app/promotionPolicies";
const rules = [{ field: "tag", operator: "sw", values: ["v"] }];
const form = { rules, targetRepository: "team/open", tagTemplate: "%n-ok", enabled: true };

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  push(world.store, "team/app", ["v1", "v2", "dev"], image());
  return world;
}

const tags = ({ store }: Rig, path: string) => [...(store.repository(path)?.tags.keys() ?? [])];

describe("a promotion policy", () => {
  it("is created with all keys, and promotes at once what is there", async () => {
    const world = filled();
    const answer = await world.call("POST", POLICIES, { body: form });
    expect([answer.status, fields(answer)]).toEqual([
      201,
      { id: expect.any(String), ...form, sourceRepository: "team/app", lastPromotedAt: "2026-01-01T00:00:00.000123456Z" },
    ]);
    expect(tags(world, "team/open")).toEqual(["v1-ok", "v2-ok"]);
    expect(items(await world.call("GET", "repositories/team/open/tags"))[0]).toMatchObject({
      promotion: { promotionPolicyID: fields(answer).id, sourceTag: "v1" },
    });
  });

  it.each([
    ["initialEvaluation=false", form],
    ["initialEvaluation=true", { ...form, enabled: false }],
    ["", { ...form, rules: [] }],
  ])("with %s and %j promotes nothing, and never did", async (query, body) => {
    const world = filled();
    const answer = await world.call("POST", `${POLICIES}?${query}`, { body });
    expect(fields(answer)).toMatchObject({ lastPromotedAt: "0001-01-01T00:00:00Z" });
    expect(tags(world, "team/open")).toEqual([]);
    expect(fields(await filled({ never: "empty" }).call("POST", `${POLICIES}?${query}`, { body }))).toMatchObject({ lastPromotedAt: "" });
  });

  it("is listed for its source, or with source=false for its target", async () => {
    const { call } = filled();
    await call("POST", POLICIES, { body: form });
    const list = async (path: string) => items(await call("GET", path)).length;
    expect([await list(POLICIES), await list(`${POLICIES}?source=false`)]).toEqual([1, 0]);
    const target = "repositories/team/open/promotionPolicies";
    expect([await list(target), await list(`${target}?source=false`), await list(`${target}?source=true`)]).toEqual([0, 1, 0]);
  });

  it("is read, changed by the keys that are there, and deleted", async () => {
    const world = filled();
    const { call } = world;
    const { id } = fields(await call("POST", `${POLICIES}?initialEvaluation=false`, { body: form }));
    expect(fields(await call("GET", `${POLICIES}/${id}`))).toMatchObject(form);
    const changed = await call("PUT", `${POLICIES}/${id}?initialEvaluation=false`, { body: { enabled: false } });
    expect([changed.status, fields(changed)]).toEqual([200, expect.objectContaining({ ...form, enabled: false })]);
    expect(tags(world, "team/open")).toEqual([]);
    await call("PUT", `${POLICIES}/${id}`, { body: { enabled: true, tagTemplate: "%n" } });
    expect(tags(world, "team/open")).toEqual(["v1", "v2"]);
    for (const _time of [1, 2]) expect(outcome(await call("DELETE", `${POLICIES}/${id}`))).toBe("204");
    for (const method of ["GET", "PUT"]) {
      expect(outcome(await call(method, `${POLICIES}/${id}`, { body: {} }))).toBe("404 NO_SUCH_PROMOTION_POLICY");
    }
  });

  it.each([
    [{ ...form, rules: [{ field: "tag", operator: "zzz", values: ["x"] }] }, "admin", "400 INVALID_PROMOTION_POLICY"],
    [{ ...form, targetRepository: "team/app" }, "admin", "400 INVALID_PROMOTION_POLICY"],
    [{ ...form, targetRepository: "team/none" }, "admin", "404 NO_SUCH_REPOSITORY"],
    [{ ...form, targetRepository: "stranger/own" }, "ops", "404 NO_SUCH_REPOSITORY"],
    [{ ...form, targetRepository: "stranger/shown" }, "ops", "403 NOT_AUTHORIZED"],
  ])("%j by %s is %s", async (body, user, expected) => {
    const { call, state } = filled();
    state.addRepository("stranger/shown", { visibility: "public" });
    expect(outcome(await call("POST", POLICIES, { user, body }))).toBe(expected);
    expect(state.repository("team/app").promotionPolicies.size).toBe(0);
  });

  it("runs into the proxy's time limit by the switch evaluationTimeout, after its effect", async () => {
    const world = filled({ evaluationTimeout: 2 });
    const answer = await world.call("POST", POLICIES, { body: form });
    expect([answer.status, answer.json]).toEqual([504, undefined]);
    expect([tags(world, "team/open").length, world.state.repository("team/app").promotionPolicies.size]).toEqual([2, 1]);
    expect((await world.call("POST", `${POLICIES}?initialEvaluation=false`, { body: form })).status).toBe(201);
  });

  it("keeps immutable tags of its target", async () => {
    const world = filled({ repositories: { "team/app": {}, "team/open": { immutableTags: true } } });
    push(world.store, "team/open", "v1-ok", image({ layers: ["other"] }));
    await world.call("POST", POLICIES, { body: form });
    expect(world.store.repository("team/open")?.tags.get("v1-ok")).toBe(image({ layers: ["other"] }).digest);
    expect(tags(world, "team/open")).toEqual(["v1-ok", "v2-ok"]);
  });

  it("in a circle comes to an end", async () => {
    const world = filled();
    await world.call("POST", `repositories/team/open/promotionPolicies`, {
      body: { ...form, targetRepository: "team/app", tagTemplate: "%n" },
    });
    await world.call("POST", POLICIES, { body: { ...form, tagTemplate: "%n" } });
    expect([tags(world, "team/open"), tags(world, "team/app")]).toEqual([
      ["v1", "v2"],
      ["v1", "v2", "dev"],
    ]);
  });
});
