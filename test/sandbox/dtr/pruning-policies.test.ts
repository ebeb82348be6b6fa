import { image, push } from "../images";
import { fields, items, outcome, type Rig, rig } from "./rig";

const POLICIES = "repositories/team/app/pruningPolicies";
const form = { enabled: true, rules: [{ field: "tag", operator: "sw", values: ["build-"] }] };
const BUILDS = ["build-aaaaaaaaaaaa", "build-bbbbbbbbbbbb", "build-cccccccccccc"];

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  push(world.store, "team/app", [...BUILDS, "latest"], image());
  return world;
}

const tags = ({ store }: Rig) => [...(store.repository("team/app")?.tags.keys() ?? [])];

describe("a pruning policy", () => {
  it("really deletes when it is created, tags alone", async () => {
    const world = filled();
    const answer = await world.call("POST", POLICIES, { body: form });
    expect([answer.status, fields(answer)]).toEqual([
      201,
      { id: expect.any(String), ...form, repository: "team/app", lastPrunedAt: "2026-01-01T00:00:00.000123456Z" },
    ]);
    expect(tags(world)).toEqual(["latest"]);
    expect(world.store.repository("team/app")?.manifests.size).toBe(1);
    expect(world.state.world.events.filter(({ type, actorType }) => type === "DELETE" && actorType === "SYSTEM")).toHaveLength(3);
  });

  it("deletes nothing with initialEvaluation=false, when it is off, or without rules", async () => {
    for (const [query, body] of [
      ["?initialEvaluation=false", form],
      ["", { ...form, enabled: false }],
      ["", { enabled: true, rules: [] }],
    ] as const) {
      const world = filled();
      await world.call("POST", `${POLICIES}${query}`, { body });
      expect(tags(world)).toHaveLength(4);
    }
  });

  it("leaves what is signed", async () => {
    const world = filled();
    world.state.sign("team/app", "build-aaaaaaaaaaaa");
    await world.call("POST", POLICIES, { body: form });
    expect(tags(world)).toEqual(["build-aaaaaaaaaaaa", "latest"]);
  });

  it("is evaluated with the others of its repository when one is changed", async () => {
    const world = filled();
    const { id } = fields(await world.call("POST", `${POLICIES}?initialEvaluation=false`, { body: form }));
    const other = { enabled: false, rules: [{ field: "tag", operator: "eq", values: ["latest"] }] };
    await world.call("POST", `${POLICIES}?initialEvaluation=false`, { body: other });
    const changed = await world.call("PUT", `${POLICIES}/${id}?initialEvaluation=false`, { body: form });
    expect([changed.status, tags(world).length]).toEqual([200, 4]);
    expect(fields(await world.call("PUT", `${POLICIES}/${id}`, { body: { enabled: true } }))).toMatchObject({ id, ...form });
    expect(tags(world)).toEqual(["latest"]);
  });

  it("is listed in pages, read and deleted", async () => {
    const { call } = filled();
    const ids = [];
    for (let at = 0; at < 3; at++) ids.push(fields(await call("POST", `${POLICIES}?initialEvaluation=false`, { body: form })).id);
    const first = await call("GET", `${POLICIES}?pageSize=2`);
    expect([items(first).map(({ id }) => id), first.headers?.["x-next-page-start"]]).toEqual([ids.slice(0, 2), ids[2]]);
    expect(fields(await call("GET", `${POLICIES}/${ids[0]}`))).toMatchObject(form);
    for (const _time of [1, 2]) expect(outcome(await call("DELETE", `${POLICIES}/${ids[0]}`))).toBe("204");
    for (const method of ["GET", "PUT"]) {
      expect(outcome(await call(method, `${POLICIES}/${ids[0]}`, { body: {} }))).toBe("404 NO_SUCH_PRUNING_POLICY");
    }
    expect(outcome(await rig({ deleteAbsent: "404" }).call("DELETE", `${POLICIES}/none`))).toBe("404 NO_SUCH_PRUNING_POLICY");
  });

  it("of bad rules is 404 INVALID_PRUNING_POLICY, in PUT too, and nothing is kept", async () => {
    const { call, state } = filled();
    const bad = { ...form, rules: [{ field: "tag", operator: "zzz", values: ["x"] }] };
    expect(outcome(await call("POST", POLICIES, { body: bad }))).toBe("404 INVALID_PRUNING_POLICY");
    expect(state.repository("team/app").pruningPolicies.size).toBe(0);
    const { id } = fields(await call("POST", `${POLICIES}?initialEvaluation=false`, { body: form }));
    expect(outcome(await call("PUT", `${POLICIES}/${id}`, { body: bad }))).toBe("404 INVALID_PRUNING_POLICY");
    expect(fields(await call("GET", `${POLICIES}/${id}`))).toMatchObject(form);
  });
});

describe("the test of a pruning policy", () => {
  it("tells the tags that would go, and deletes nothing", async () => {
    const world = filled();
    const answer = await world.call("POST", `${POLICIES}/test`, { body: form });
    expect([answer.status, answer.json]).toEqual([200, BUILDS.map((name) => ({ name, digest: image().digest }))]);
    expect(tags(world)).toHaveLength(4);
    expect(world.state.repository("team/app").pruningPolicies.size).toBe(0);
  });

  it("is paged, and POST only", async () => {
    const { call } = filled();
    const answer = await call("POST", `${POLICIES}/test?pageSize=2`, { body: form });
    expect([items(answer).length, answer.headers?.["x-next-page-start"]]).toEqual([2, BUILDS[2]]);
    expect(outcome(await call("GET", `${POLICIES}/test`))).toBe("404 NO_SUCH_PRUNING_POLICY");
  });
});
