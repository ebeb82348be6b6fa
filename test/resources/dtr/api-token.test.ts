import { type OneResource, plain, type State } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const TYPE = "dtr:ApiToken";
let world: World;
afterEach(() => world.close());
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({ accounts: { ci: { password: "ci-password" } }, ...options });
  return world.one(TYPE);
};
const tokens = () => [...world.dtr.state.tokens.values()];
const labels = () => tokens().map(({ tokenLabel }) => tokenLabel);
const owner = (id = tokens()[0]?.owner) => [...world.dtr.state.world.accounts.values()].find((account) => account.id === id)?.name;
const secretOf = (state: State) => String(plain(state.outputs.token));
/** What the server says to a user with this password. */
const logsIn = async (username: string, password: string) => {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return (await fetch(`${world.url}/api/v0/repositories`, { headers: { authorization } })).status;
};
const inputs = { label: "ci" };

describe("dtr.ApiToken", () => {
  it("is made with its label, works as a password, stays without a request, and is gone when destroy returns", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    const [token] = tokens();
    expect(state).toMatchObject({
      id: token?.hashedToken,
      outputs: { label: "ci", active: true, hashedToken: token?.hashedToken, createdAt: expect.stringMatching(/^2026-03-01T12/) },
    });
    expect(token).toMatchObject({ tokenLabel: "ci", isActive: true });
    expect(owner()).toBe("admin");
    expect(await logsIn("admin", secretOf(state))).toBe(200);
    const { auths } = JSON.parse(String(plain(state.outputs.dockerConfigJson)));
    expect(auths).toEqual({ [new URL(world.url).host]: { auth: Buffer.from(`admin:${secretOf(state)}`).toString("base64") } });
    world.forget();
    expect((await resource.up(inputs, state)).step).toBe("same");
    expect(world.requests()).toEqual([]);
    await resource.destroy(state);
    expect(tokens()).toEqual([]);
    expect(await logsIn("admin", secretOf(state))).toBe(401);
    await resource.destroy(state);
  });

  it("keeps its secret through a refresh, which only reads", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.forget();
    const now = await refreshed(resource, state);
    expect(world.requests()).toEqual([`GET /api/v0/api_tokens/${state.id}`]);
    expect(plain(now.outputs)).toEqual(plain(state.outputs));
    expect((await resource.up(inputs, now)).step).toBe("same");
  });

  it("marks the secret and what holds it as secrets, and shows it in no request and no line", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    for (const name of ["token", "dockerConfigJson"])
      expect(state.outputs[name]).toMatchObject({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" });
    await resource.refresh(state);
    await resource.destroy(state);
    expect(JSON.stringify([world.requests(), resource.lines])).not.toContain(secretOf(state));
  });

  it("is made for another user", async () => {
    const resource = await start();
    const state = await declare(resource, { ...inputs, username: "ci" });
    expect(owner()).toBe("ci");
    expect(await logsIn("ci", secretOf(state))).toBe(200);
    const { auths } = JSON.parse(String(plain(state.outputs.dockerConfigJson)));
    expect(Buffer.from(auths[new URL(world.url).host].auth, "base64").toString()).toBe(`ci:${secretOf(state)}`);
    expect((await resource.up({ ...inputs, username: "ci" }, await refreshed(resource, state))).step).toBe("same");
  });

  it("is relabelled and made inactive in place: id and secret stay", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    world.forget();
    const { state: off, step } = await resource.up({ label: "old-ci", active: false }, state);
    expect(step).toBe("update");
    expect(world.writes()).toEqual([`PATCH /api/v0/api_tokens/${state.id}`]);
    expect(tokens()).toMatchObject([{ tokenLabel: "old-ci", isActive: false }]);
    expect(await logsIn("admin", secretOf(off))).toBe(401);
    const { state: on } = await resource.up({ label: "old-ci" }, off);
    expect([on.id, secretOf(on)]).toEqual([state.id, secretOf(state)]);
    expect(await logsIn("admin", secretOf(on))).toBe(200);
  });

  it("can be made inactive from the start", async () => {
    const resource = await start();
    await declare(resource, { ...inputs, active: false });
    expect(tokens()).toMatchObject([{ tokenLabel: "ci", isActive: false }]);
  });

  it.each([
    { what: "active", byHand: { isActive: false }, seen: { active: false } },
    { what: "label", byHand: { tokenLabel: "theirs" }, seen: { label: "theirs" } },
  ])("notices that $what was changed by hand, and changes it back", async ({ byHand, seen }) => {
    const resource = await start();
    const state = await declare(resource, inputs);
    await world.api("PATCH", `/api/v0/api_tokens/${state.id}`, byHand);
    const now = await refreshed(resource, state);
    expect(now.inputs).toMatchObject(seen);
    const { step, state: back } = await resource.up(inputs, now);
    expect(step).toBe("update");
    expect(tokens()).toMatchObject([{ tokenLabel: "ci", isActive: true }]);
    expect(await logsIn("admin", secretOf(back))).toBe(200);
  });

  it("that was deleted by hand is gone", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    await world.api("DELETE", `/api/v0/api_tokens/${state.id}`);
    expect(await resource.refresh(state)).toBeUndefined();
  });

  it.each([
    { what: "a trigger", changed: { ...inputs, rotationTriggers: { month: "2" } }, property: "rotationTriggers" },
    { what: "another user", changed: { ...inputs, username: "ci" }, property: "username" },
  ])("is made anew for $what before the old one is deleted", async ({ changed, property }) => {
    const resource = await start();
    const state = await declare(resource, { ...inputs, rotationTriggers: { month: "1" } });
    world.forget();
    const { step, replaces, state: rotated } = await resource.up({ rotationTriggers: { month: "1" }, ...changed }, state);
    expect([step, replaces]).toEqual(["replace", [property]]);
    expect(world.writes().map((line) => line.replace(/[0-9a-f]{64}/, "…").replace(/\?.*/, ""))).toEqual([
      "POST /api/v0/api_tokens",
      "PATCH /api/v0/api_tokens/…",
      "DELETE /api/v0/api_tokens/…",
    ]);
    expect(rotated.id).not.toBe(state.id);
    expect(tokens()).toMatchObject([{ tokenLabel: "ci", hashedToken: rotated.id }]);
    expect(await logsIn("admin", secretOf(state))).toBe(401);
  });

  it("stands beside another one of the same label and leaves it alone", async () => {
    const resource = await start();
    world.dtr.state.addToken("admin", { tokenLabel: "ci" });
    const state = await declare(resource, inputs);
    expect(labels()).toEqual(["ci", "ci"]);
    await resource.destroy(state);
    expect(labels()).toEqual(["ci"]);
  });

  it("cannot be adopted, and says why", async () => {
    const resource = await start();
    expect(await resource.failures({ ...inputs, adopt: true })).toEqual([
      { property: "adopt", reason: expect.stringContaining("shows a token's secret only when it is made") },
    ]);
  });

  it("`.get` reads it without a secret", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect(plain(await world.one(TYPE).get(state.id))).toMatchObject({ label: "ci", active: true, token: "", dockerConfigJson: "" });
    await expect(resource.get("0".repeat(64))).rejects.toThrow("does not exist");
  });

  it("for a user that is not there is one clear error, and nothing is made", async () => {
    const resource = await start();
    await expect(resource.up({ ...inputs, username: "nobody" })).rejects.toThrow(/create of dtr:ApiToken nobody\/ci: .*NO_SUCH/);
    expect(tokens()).toEqual([]);
  });
});

describe("an interrupted creation leaves no token that nobody knows", () => {
  it.each(["reset-before", "reset-after", "broken-json", "truncated"] as const)("%s", async (fault) => {
    const resource = await start();
    world.dtr.state.addToken("admin", { tokenLabel: "ci" });
    world.sandbox.control.inject({ method: "POST", fault });
    const state = await declare(resource, inputs).catch(() => declare(resource, inputs));
    expect(labels()).toEqual(["ci", "ci"]);
    expect(await logsIn("admin", secretOf(state))).toBe(200);
    expect(tokens().some(({ hashedToken }) => hashedToken === state.id)).toBe(true);
  });

  it("where nobody could look whether it was made: the next `up` deletes it and makes another", async () => {
    const resource = await start();
    world.sandbox.control.inject({ method: "POST", fault: "reset-after" });
    world.sandbox.control.inject({ method: "GET", skip: 1, times: 50, fault: { kind: "status", status: 403 } });
    await expect(resource.up(inputs)).rejects.toThrow("It is unknown whether the request took effect");
    expect(labels()).toEqual([expect.stringMatching(/^ci [0-9a-f-]{36}$/)]);
    world.sandbox.control.clearFaults();
    const state = await declare(resource, inputs);
    expect(tokens()).toMatchObject([{ tokenLabel: "ci", hashedToken: state.id }]);
  });

  it("where it could neither be labelled nor deleted: the next `up` deletes it and makes another", async () => {
    const resource = await start();
    for (const method of ["PATCH", "DELETE"]) world.sandbox.control.inject({ method, times: 50, fault: { kind: "status", status: 403 } });
    await expect(resource.up(inputs)).rejects.toThrow("403");
    expect(tokens()).toHaveLength(1);
    world.sandbox.control.clearFaults();
    const state = await declare(resource, inputs);
    expect(tokens()).toMatchObject([{ tokenLabel: "ci", hashedToken: state.id }]);
  });

  it("where it could not be labelled, it is deleted at once", async () => {
    const resource = await start();
    world.sandbox.control.inject({ method: "PATCH", times: 50, fault: { kind: "status", status: 403 } });
    await expect(resource.up(inputs)).rejects.toThrow("403");
    expect(tokens()).toEqual([]);
  });

  it("and one that somebody uses already is not deleted: its secret did reach the state", async () => {
    const resource = await start();
    const first = await declare(resource, inputs);
    expect(await logsIn("admin", secretOf(first))).toBe(200);
    // As after `pulumi state delete`: the engine asks to create it again.
    const second = await declare(resource, inputs);
    expect(tokens().map(({ hashedToken }) => hashedToken)).toEqual([first.id, second.id]);
    expect(await logsIn("admin", secretOf(first))).toBe(200);
  });
});
