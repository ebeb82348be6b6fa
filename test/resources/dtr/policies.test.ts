import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { api, atWire, byHand, type Collection, failure, keptIn, kinds, otherRules, PASSWORD, startPolicies, WIRE } from "./policy-kinds";
import type { World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startPolicies>[0] = {}): Promise<OneResource> => {
  world = await startPolicies(options);
  return world.one(type);
};
const kept = (collection: Collection, repository?: string) => keptIn(world, collection, repository);

describe.each(kinds)("$type", ({ type, collection, inputs, changes, defaults }) => {
  it("is made, stays without a request, is read without a write, and is gone when destroy returns", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    const [policy] = kept(collection);
    expect(state).toMatchObject({
      id: `team/app/${policy?.id}`,
      outputs: { ...inputs, ...defaults, initialEvaluation: false, policyId: policy?.id },
    });
    const { namespace: _n, repository: _r, ...declared } = { ...inputs, ...defaults };
    expect(policy).toMatchObject(atWire(declared));
    expect(world.writes()).toEqual([`POST ${api(collection)}?initialEvaluation=false`]);
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    expect(world.requests()).toEqual([`GET ${api(collection, String(policy?.id))}`]);
    await resource.destroy(state);
    expect(kept(collection)).toEqual([]);
    await resource.destroy(state);
  });

  it.each(Object.entries(changes))("changes in place, and notices drift: %s", async (name, value) => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    const changed = { ...inputs, [name]: value };
    const updated = await resource.up(changed, state);
    expect(updated.step).toBe("update");
    expect(kept(collection)).toMatchObject([{ [WIRE[name] ?? name]: value }]);
    // Back again: now what stands on the server is drift.
    const drifted = await refreshed(resource, state);
    expect(drifted.outputs[name]).toEqual(value);
    expect((await resource.up(inputs, drifted)).step).toBe("update");
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
  });

  it("sends only what changed", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    const [policy] = kept(collection);
    if (!policy) throw new Error("nothing was made");
    // Somebody else's changes, which the state does not know: an update of another property leaves them.
    Object.assign(policy, {
      rules: otherRules,
      remoteHost: "https://third.example.com",
      password: "by hand",
      targetRepository: "team/stage",
    });
    await resource.up({ ...inputs, enabled: false }, state);
    expect(kept(collection)).toMatchObject([
      { enabled: false, rules: otherRules, remoteHost: "https://third.example.com", password: "by hand", targetRepository: "team/stage" },
    ]);
  });

  it("moves to another repository by a new policy and the end of the old one", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    const moved = await resource.up({ ...inputs, repository: "other" }, state);
    expect(moved).toMatchObject({ step: "replace", replaces: ["repository"] });
    expect(kept(collection)).toEqual([]);
    expect(kept(collection, "team/other")).toHaveLength(1);
  });

  it("is made anew where somebody deleted it, or its repository", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    world.dtr.state.repository("team/app")[collection].clear();
    expect(await resource.refresh(state)).toBeUndefined();
    expect(await failure(resource.up({ ...inputs, enabled: false }, state))).toMatch(/NO_SUCH_\w+_POLICY.*Run `pulumi refresh`/);
    const again = await declare(resource, inputs);
    await world.api("DELETE", "/api/v0/repositories/team/app");
    expect(await resource.refresh(again)).toBeUndefined();
    await resource.destroy(again);
  });

  it("that is equal to an existing one is refused, and adopted on request", async () => {
    const resource = await start(type);
    const { id } = await byHand(world, collection, inputs);
    const different = await byHand(world, collection, { ...inputs, ...changes });
    world.forget();
    expect(await failure(resource.up(inputs))).toMatch(new RegExp(`team/app already exists \\(id team/app/${id}\\).*adopt: true`));
    expect(world.writes()).toEqual([]);
    const state = await declare(resource, { ...inputs, adopt: true });
    expect(state.id).toBe(`team/app/${id}`);
    // Nobody can see whether credentials are the declared ones: they are sent.
    expect(world.writes()).toEqual("password" in inputs ? [expect.stringMatching(new RegExp(`^PUT ${api(collection, id)}`))] : []);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    await resource.destroy(state);
    expect(kept(collection).map((policy) => policy.id)).toEqual([different.id]);
  });

  it("beside different ones is another one, also with adopt", async () => {
    const resource = await start(type);
    await byHand(world, collection, { ...inputs, ...changes });
    await declare(resource, { ...inputs, adopt: true });
    expect(kept(collection)).toHaveLength(2);
  });

  it("with several equal ones cannot be adopted: nobody knows which is meant", async () => {
    const resource = await start(type);
    const ids = [(await byHand(world, collection, inputs)).id, (await byHand(world, collection, inputs)).id];
    expect(await failure(resource.up({ ...inputs, adopt: true }))).toContain(ids.join(", "));
    expect(await failure(resource.up(inputs))).toContain("adopt: true");
    expect(kept(collection)).toHaveLength(2);
  });

  it("`.get` reads what there is", async () => {
    const resource = await start(type);
    const { id } = await byHand(world, collection, inputs);
    const { password: _, ...shown } = { password: "", ...inputs };
    expect(await resource.get(`team/app/${id}`)).toMatchObject({ ...shown, ...defaults, policyId: id });
    await expect(resource.get("team/app/none")).rejects.toThrow("does not exist");
    await expect(resource.get("none")).rejects.toThrow("namespace/repository/policyId");
  });

  it.each(["reset-before", "reset-after", "broken-json", "truncated", "html"] as const)(
    "is made once when the answer is lost: %s",
    async (fault) => {
      const resource = await start(type);
      world.sandbox.control.inject({ api: "dtr", method: "POST", path: collection, fault });
      const state = await declare(resource, inputs).catch(() => declare(resource, inputs));
      expect(kept(collection).map(({ id }) => `team/app/${id}`)).toEqual([state.id]);
      expect(resource.lines.join("\n")).not.toContain(PASSWORD);
    },
  );

  it("a lost answer is not taken from an equal policy that was there before", async () => {
    const resource = await start(type);
    // Equal in all but the credentials of nobody: made in the moment between the look and the create.
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: `${collection}$`, fault: { kind: "status", status: 200, body: "[]" } });
    const { id } = await byHand(world, collection, inputs).finally(() => world.sandbox.control.clearFaults());
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: `${collection}$`, fault: { kind: "status", status: 200, body: "[]" } });
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: collection, fault: "reset-after" });
    const state = await declare(resource, inputs);
    expect(state.id).not.toBe(`team/app/${id}`);
    expect(kept(collection)).toHaveLength(2);
  });

  it("goes on with what a killed engine had made", async () => {
    const resource = await start(type);
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: collection, fault: "reset-after" });
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: `${collection}$`, skip: 2, times: 20, fault: "reset-before" });
    expect(await failure(resource.up(inputs))).toMatch(/unknown/);
    world.sandbox.control.clearFaults();
    resource.start();
    const state = await declare(resource, inputs);
    expect(resource.lines.join()).toContain("going on with what an interrupted run had begun");
    expect(kept(collection).map(({ id }) => `team/app/${id}`)).toEqual([state.id]);
  });

  it("that a killed engine had made is not mistaken for an equal one that came in since", async () => {
    const resource = await start(type);
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: collection, fault: "reset-after" });
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: `${collection}$`, skip: 2, times: 20, fault: "reset-before" });
    expect(await failure(resource.up(inputs))).toMatch(/unknown/);
    world.sandbox.control.clearFaults();
    await byHand(world, collection, inputs);
    resource.start();
    expect(await failure(resource.up(inputs))).toMatch(/nobody knows which of the equal policies/);
    expect(kept(collection)).toHaveLength(2);
  });

  it("that a killed engine had made, and whose inputs changed since, is changed and not made a second time", async () => {
    const resource = await start(type);
    const { id } = await declare(resource, inputs);
    // The state that names it was never written.
    resource.start();
    expect(await declare(resource, { ...inputs, enabled: false })).toMatchObject({ id, outputs: { enabled: false } });
    expect(kept(collection)).toMatchObject([{ enabled: false }]);
  });

  it("gets one clear error where rights are missing, and nothing is half done", async () => {
    await start(type, { accounts: { dev: { password: "dev-password" } } });
    const dev = world.one(type, "org/project/dev/dev", { username: "dev", password: "dev-password" });
    expect(await failure(dev.up(inputs))).toMatch(new RegExp(`create of ${type} team/app: .*NOT_AUTHORIZED`));
    expect(kept(collection)).toEqual([]);
  });

  it.each([
    { deleteAbsent: "404" },
    { emptyLists: "null" },
    { maxPageSize: 1 },
    { version: "2.7" },
    { never: "empty" },
    { errors: "bare" },
  ] as const)("lives with every reading of the vendor's texts: %j", async (reading) => {
    const resource = await start(type, reading);
    const state = await declare(resource, inputs);
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    expect(await failure(resource.up(inputs))).toContain("already exists");
    await resource.destroy(state);
    await resource.destroy(state);
    expect(await resource.refresh(state)).toBeUndefined();
  });
});
