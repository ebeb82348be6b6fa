import { image, index, push } from "../../sandbox/images";
import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const TYPE = "dtr:TagPromotion";
const inputs = { namespace: "team", repository: "app", tag: "v1", targetRepository: "team/prod", targetTag: "stable" };
const POST = "POST /api/v0/repositories/team/app/tags/v1/promotion";
let world: World;
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({
    accounts: { dev: { password: "dev-password" } },
    organizations: { team: {} },
    repositories: { "team/app": {}, "team/prod": {} },
    ...options,
  });
  pushTo("team/app", "v1", "first");
  return world.one(TYPE);
};
afterEach(() => world.close());

const pushTo = (path: string, tag: string, label: string) => push(world.dtr.store, path, tag, image({ labels: { label } }));
const digest = (path: string, tag: string) => world.dtr.store.repository(path)?.tags.get(tag);
const promotions = () => world.writes().filter((line) => line.endsWith("/promotion")).length;

describe("dtr.TagPromotion", () => {
  it("promotes when it is made; stays and refreshes without a request; destroying leaves the target", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect(digest("team/prod", "stable")).toBe(digest("team/app", "v1"));
    expect(state).toMatchObject({
      id: "team/app:v1 -> team/prod:stable",
      outputs: { promotedAt: expect.stringMatching(/^2026-03-01T12:00:0/), digest: digest("team/app", "v1") },
    });
    expect(world.writes()).toEqual([POST]);
    world.forget();
    // What happens to the tags later is no drift.
    pushTo("team/app", "v1", "second");
    expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
    await resource.destroy(state);
    expect(world.requests()).toEqual([]);
    expect(digest("team/prod", "stable")).toBe(state.outputs.digest);
  });

  it("is not read by `.get`: there is nothing to read", async () => {
    const resource = await start();
    await expect(resource.get("team/app:v1 -> team/prod:none")).rejects.toThrow(
      "read of dtr:TagPromotion team/app:v1 -> team/prod:none: it cannot be read by .get: the server keeps no such object",
    );
  });

  it("promotes again when a trigger changes, and what the tag then points to", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    pushTo("team/app", "v1", "second");
    const again = await resource.up({ ...inputs, triggers: { build: "2" } }, state);
    expect(again.step).toBe("update");
    expect(digest("team/prod", "stable")).toBe(digest("team/app", "v1"));
    expect(again.state.outputs.digest).toBe(digest("team/app", "v1"));
    expect(promotions()).toBe(2);
  });

  it("to another tag is another promotion, and the old one stays", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect(await resource.up({ ...inputs, targetTag: "v1" }, state)).toMatchObject({
      step: "replace",
      state: { id: "team/app:v1 -> team/prod:v1" },
    });
    expect([...(world.dtr.store.repository("team/prod")?.tags.keys() ?? [])].sort()).toEqual(["stable", "v1"]);
  });

  it("promotes all images of an index", async () => {
    const resource = await start();
    const platforms = ["amd64", "arm64"].map((architecture) => image({ platform: { os: "linux", architecture } }));
    push(world.dtr.store, "team/app", "v1", index(platforms));
    const state = await declare(resource, inputs);
    expect(digest("team/prod", "stable")).toBe(index(platforms).digest);
    expect(state.outputs.digest).toBe(
      platforms
        .map((one) => one.digest)
        .sort()
        .join(","),
    );
  });

  it.each([
    { fault: "reset-after", sent: 1 },
    { fault: "truncated", sent: 1 },
    { fault: "broken-json", sent: 1 },
    { fault: "reset-before", sent: 2 },
  ] as const)("is done once when the answer is lost: $fault", async ({ fault, sent }) => {
    const resource = await start();
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/promotion$", fault });
    await declare(resource, inputs);
    expect(promotions()).toBe(sent);
    expect(digest("team/prod", "stable")).toBe(digest("team/app", "v1"));
  });

  it("is not done a second time after an engine was killed", async () => {
    const resource = await start();
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/promotion$", fault: "reset-after" });
    world.sandbox.control.inject({ api: "dtr", method: "GET", path: "/team/prod/tags/", times: 20, fault: "reset-before" });
    await expect(resource.up(inputs)).rejects.toThrow("unknown");
    world.sandbox.control.clearFaults();
    resource.start();
    await declare(resource, inputs);
    expect(promotions()).toBe(1);
  });

  it("that does not arrive in time stays in the state, and is looked at before it is done again", async () => {
    const resource = await start();
    const nothing = JSON.stringify({ errors: [{ code: "NO_SUCH_REF", message: "no" }] });
    world.sandbox.control.inject({
      api: "dtr",
      method: "GET",
      path: "/team/prod/tags/",
      times: 500,
      fault: { kind: "status", status: 404, body: nothing },
    });
    const { state } = await resource.up(inputs);
    expect(state.reasons?.join()).toMatch(/team\/prod:stable does not point to its image/);
    world.sandbox.control.clearFaults();
    const { reasons: _, ...kept } = state;
    const over = await resource.up(inputs, kept);
    expect(over).toMatchObject({ step: "update", state: { outputs: { promotedAt: expect.stringMatching(/^2026/) } } });
    expect(promotions()).toBe(1);
  });

  it.each([
    { what: "no such tag", changed: { tag: "none" }, said: /there is no tag team\/app:none/ },
    { what: "no such target", changed: { targetRepository: "team/none" }, said: /NO_SUCH_REPOSITORY/ },
  ])("is one clear error: $what", async ({ changed, said }) => {
    const resource = await start();
    await expect(resource.up({ ...inputs, ...changed })).rejects.toThrow(said);
  });

  it("needs rights, cannot be adopted, and not go to itself", async () => {
    const resource = await start();
    const dev = world.one(TYPE, "org/project/dev/dev", { username: "dev", password: "dev-password" });
    await expect(dev.up(inputs)).rejects.toThrow(/create of dtr:TagPromotion team\/app:v1 -> team\/prod:stable: .*(NOT_AUTHORIZED|403)/);
    expect(digest("team/prod", "stable")).toBeUndefined();
    expect(await resource.failures({ ...inputs, adopt: true })).toMatchObject([{ property: "adopt" }]);
    expect(await resource.failures({ ...inputs, targetRepository: "team/app", targetTag: "v1" })).toMatchObject([
      { property: "targetTag" },
    ]);
    expect(await resource.failures({ ...inputs, targetRepository: "prod" })).toMatchObject([{ reason: "must be namespace/repository" }]);
  });
});
