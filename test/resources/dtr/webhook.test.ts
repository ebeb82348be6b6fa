import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { oneProcess } from "./one-process";
import { startWorld, type World } from "./world";

const TYPE = "dtr:Webhook";
let world: World;
afterEach(() => world.close());
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({
    accounts: { joe: { password: "joes-password" } },
    organizations: { team: { members: { joe: "admin" } } },
    repositories: { "team/app": {}, "team/web": {} },
    ...options,
  });
  return world.one(TYPE);
};
const webhooks = () => [...world.dtr.state.webhooks.values()];
const endpoint = "https://ci.example.com/hooks/s3cret-part";
const inputs = { key: "team/app", type: "TAG_PUSH", endpoint };
const CERT = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----";

describe("dtr.Webhook", () => {
  it.each([{ key: "team/app" }, { key: "team" }, { key: "" }])(
    "is made, stays without a request, is read without a write, and is gone when destroy returns: %j",
    async ({ key }) => {
      const resource = await start();
      const declared = { ...inputs, key };
      const state = await declare(resource, declared);
      const [webhook] = webhooks();
      expect(state).toMatchObject({
        id: webhook?.id,
        outputs: {
          ...declared,
          active: true,
          skipTlsVerification: false,
          webhookId: webhook?.id,
          authorId: webhook?.authorID,
          createdAt: expect.stringMatching(/^2026-03-01T12/),
        },
      });
      expect(webhook).toMatchObject({ ...declared, inactive: false, skipTLSVerification: false });
      expect(world.writes()).toEqual(["POST /api/v0/webhooks"]);
      world.forget();
      expect((await resource.up(declared, state)).step).toBe("same");
      expect(world.requests()).toEqual([]);
      expect((await resource.up(declared, await refreshed(resource, state))).step).toBe("same");
      expect(world.requests()).toHaveLength(1);
      expect(world.writes()).toEqual([]);
      await resource.destroy(state);
      expect(webhooks()).toEqual([]);
      await resource.destroy(state);
    },
  );

  const changes = [
    { property: "active", to: false, wire: { inactive: true } },
    { property: "skipTlsVerification", to: true, wire: { skipTLSVerification: true } },
    { property: "tlsCert", to: "another", wire: { tlsCert: "another" } },
  ];

  it.each(changes)("changes $property in place, and nothing else", async ({ property, to, wire }) => {
    const resource = await start();
    const declared = { ...inputs, tlsCert: CERT };
    const state = await declare(resource, declared);
    const [before] = webhooks();
    const { step, state: changed } = await resource.up({ ...declared, [property]: to }, state);
    expect(step).toBe("update");
    expect(changed.id).toBe(state.id);
    expect(webhooks()).toEqual([{ ...before, ...wire }]);
  });

  it.each(changes)("notices that $property was changed, and changes it back", async ({ property, to, wire }) => {
    const resource = await start();
    const declared = { ...inputs, tlsCert: CERT };
    const state = await declare(resource, declared);
    const [before] = webhooks().map((webhook) => ({ ...webhook }));
    const { inactive = false, tlsCert = "", skipTLSVerification = false } = before ?? {};
    await world.api("POST", "/api/v0/webhooks/update", { id: state.id, inactive, tlsCert, skipTLSVerification, ...wire });
    const now = await refreshed(resource, state);
    expect(now.inputs[property]).toBe(to);
    expect((await resource.up(declared, now)).step).toBe("update");
    expect(webhooks()).toEqual([before]);
  });

  it("keeps a certificate that it does not declare when it changes something else", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    await world.api("POST", "/api/v0/webhooks/update", { id: state.id, inactive: false, tlsCert: CERT, skipTLSVerification: false });
    const now = await refreshed(resource, state);
    expect((await resource.up(inputs, now)).step).toBe("same");
    await resource.up({ ...inputs, active: false }, now);
    expect(webhooks()).toMatchObject([{ tlsCert: CERT, inactive: true }]);
  });

  it("takes a certificate with another end of line for the same", async () => {
    const resource = await start();
    const state = await declare(resource, { ...inputs, tlsCert: CERT });
    expect((await resource.up({ ...inputs, tlsCert: `${CERT}\n` }, state)).step).toBe("same");
  });

  it.each([
    { property: "key", to: "team/web" },
    { property: "type", to: "TAG_DELETE" },
    { property: "endpoint", to: "https://other.example.com" },
  ])("is replaced for another $property", async ({ property, to }) => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect(await resource.up({ ...inputs, [property]: to }, state)).toMatchObject({ step: "replace", replaces: [property] });
    expect(webhooks()).toMatchObject([{ ...inputs, [property]: to }]);
  });

  it("can be made inactive from the start; where that fails it stays in the state and the next `up` does it", async () => {
    const resource = await start();
    const declared = { ...inputs, active: false };
    world.sandbox.control.inject({ path: "/webhooks/update$", times: 1, fault: { kind: "status", status: 403 } });
    const state = await declare(resource, declared);
    expect(state.reasons?.join()).toContain("the webhook exists and is still active");
    expect(webhooks()).toMatchObject([{ inactive: false }]);
    const { state: whole } = await resource.up(declared, state);
    expect(whole.reasons).toBeUndefined();
    expect(webhooks()).toMatchObject([{ inactive: true, id: state.id }]);
  });

  it.each([
    { type: "TAG_PUHS", said: /TAG_PUHS is no published type of event, which are TAG_PUSH,/ },
    { type: "tag_push", said: /tag_push is no published type of event: TAG_PUSH is/ },
  ])("warns of the type $type and lets the server judge", async ({ type, said }) => {
    const resource = await start();
    await expect(resource.up({ ...inputs, type })).rejects.toThrow("INVALID_JSON");
    expect(resource.lines.join("\n")).toMatch(said);
  });

  it.each([
    { type: "REPO_EVENT", key: "team/app", warns: true },
    { type: "REPO_EVENT", key: "team", warns: false },
    { type: "SCANNER_UPDATE_COMPLETED", key: "team", warns: true },
    { type: "SCANNER_UPDATE_COMPLETED", key: "", warns: false },
    { type: "TAG_PUSH", key: "team/app", warns: false },
  ])("warns of an event that does not happen at its key: %j", async ({ type, key, warns }) => {
    const resource = await start();
    await resource.up({ ...inputs, type, key }).catch(() => undefined); // the server judges
    expect(resource.lines.join("\n").includes("it may never happen")).toBe(warns);
  });

  it.each([
    { property: "key", value: "a/b/c" },
    { property: "key", value: "/app" },
    { property: "type", value: "" },
  ])("refuses $property $value before anything is sent", async ({ property, value }) => {
    const resource = await start();
    expect(await resource.failures({ ...inputs, [property]: value })).toMatchObject([{ property }]);
  });

  it.each(["ci.example.com", "ftp://ci.example.com/s3cret-part"])(
    "refuses the endpoint %s before anything is sent, in words that let Pulumi print no value: many endpoints hold a credential",
    async (wrong) => {
      const resource = await start();
      expect(await resource.failures({ ...inputs, endpoint: wrong })).toEqual([
        { property: "", reason: "endpoint must be a URL such as https://ci.example.com/hook" },
      ]);
    },
  );

  it("names no more of the endpoint than its origin in errors", async () => {
    const resource = await start();
    await expect(resource.up({ ...inputs, key: "team/none" })).rejects.toThrow(
      "create of dtr:Webhook TAG_PUSH at team/none to https://ci.example.com: ",
    );
    await expect(resource.up({ ...inputs, key: "team/none" })).rejects.not.toThrow("s3cret-part");
  });

  it("`.get` reads it by its id alone", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    expect(await world.one(TYPE).get(state.id)).toMatchObject({ ...inputs, active: true, webhookId: state.id });
    await expect(resource.get("0".repeat(64))).rejects.toThrow("does not exist");
  });

  it("is gone with its repository, and destroy succeeds", async () => {
    const resource = await start();
    const state = await declare(resource, inputs);
    await world.api("DELETE", `/api/v0/webhooks/${state.id}`);
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    await expect(resource.up({ ...inputs, active: false }, state)).rejects.toThrow("the webhook is gone: run `pulumi refresh`");
  });

  it.each(["reset-before", "reset-after", "broken-json"] as const)("is made once although the answer is lost: %s", async (fault) => {
    const resource = await start({ webhookTwins: "another" });
    world.sandbox.control.inject({ method: "POST", path: "/webhooks$", fault });
    const state = await declare(resource, inputs);
    expect(webhooks().map(({ id }) => id)).toEqual([state.id]);
  });
});

describe.each(["same", "another"] as const)("an identical subscription of somebody else (twins are: %s)", (webhookTwins) => {
  const theirs = () =>
    fetch(`${world.url}/api/v0/webhooks`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from("joe:joes-password").toString("base64")}`, "content-type": "application/json" },
      body: JSON.stringify({ ...inputs, tlsCert: "", skipTLSVerification: false }),
    });
  const options = { webhookTwins };

  it("that was there before is an error without adopt, and is left alone", async () => {
    const resource = await start(options);
    await theirs();
    const before = webhooks();
    world.forget();
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    expect(world.writes()).toEqual([]);
    expect(webhooks()).toEqual(before);
  });

  it("that came in a moment ago is not taken over by the next `up` either, as if an interrupted run had made it", async () => {
    const resource = await start({ ...options, webhookTwins: "same" });
    await theirs();
    const before = webhooks();
    world.sandbox.control.inject({ method: "GET", path: "/webhooks$", fault: { kind: "status", status: 200, body: "[]" } });
    await expect(resource.up(inputs)).rejects.toThrow("somebody made the same subscription a moment ago");
    await expect(resource.up(inputs)).rejects.toThrow("Set adopt: true");
    expect(webhooks()).toEqual(before);
  });

  it("is not mistaken for what an interrupted run made", async () => {
    const resource = await start({ ...options, webhookTwins: "another" });
    world.sandbox.control.inject({ method: "POST", path: "/api/v0/webhooks$", fault: "reset-after" });
    world.sandbox.control.inject({ method: "GET", skip: 2, times: 100, fault: { kind: "status", status: 403 } });
    await expect(resource.up(inputs)).rejects.toThrow();
    world.sandbox.control.clearFaults();
    const [ours] = webhooks();
    await theirs();
    await expect(resource.up(inputs)).rejects.toThrow("nobody knows which of the identical subscriptions");
    for (const { id } of webhooks()) if (id !== ours?.id) await world.api("DELETE", `/api/v0/webhooks/${id}`);
    expect(await declare(resource, inputs)).toMatchObject({ id: ours?.id });
  });

  it("is taken over with adopt, and made as declared", async () => {
    const resource = await start(options);
    await theirs();
    world.forget();
    const state = await declare(resource, { ...inputs, adopt: true });
    expect(world.writes()).toEqual([]);
    expect(state.id).toBe(webhooks()[0]?.id);
    await declare(world.one(TYPE, "another"), { ...inputs, adopt: true, active: false });
    expect(webhooks()).toMatchObject([{ inactive: true }]);
  });

  it("that came later, after ours was deleted, is not ours: it is noticed as gone, and destroy leaves it alone", async () => {
    const resource = await start(options);
    const state = await declare(resource, inputs);
    await world.api("DELETE", `/api/v0/webhooks/${state.id}`);
    world.sandbox.clock.advance(60_000);
    await theirs();
    world.forget();
    expect(await resource.refresh(state)).toBeUndefined();
    await resource.destroy(state);
    expect(world.writes()).toEqual([]);
    expect(webhooks()).toHaveLength(1);
  });

  it("that came later beside ours stays when ours is destroyed", async () => {
    const resource = await start(options);
    const state = await declare(resource, inputs);
    await theirs();
    await resource.destroy(state);
    expect(webhooks()).toHaveLength(webhookTwins === "same" ? 0 : 1);
  });

  it("of the same program is an error for the second resource, and the first one's stays", async () => {
    await start(options);
    const stack = oneProcess(world);
    const made = await Promise.allSettled([stack.create(TYPE, inputs), stack.create(TYPE, inputs)]);
    expect(made.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(made.map((one) => (one.status === "rejected" ? String(one.reason) : "")).join("")).toMatch(
      /another dtr\.Webhook of this program makes the same subscription|already exists/,
    );
    expect(webhooks()).toHaveLength(1);
    stack.close();
  });
});

describe("every reading of the vendor's texts", () => {
  it.each([{ version: "2.7" }, { webhookCreated: "object" }, { emptyLists: "null" }, { deleteAbsent: "404" }, { never: "empty" }] as const)(
    "%j: made, refreshed, changed, destroyed",
    async (reading) => {
      const resource = await start(reading);
      const state = await declare(resource, inputs);
      expect((await resource.up(inputs, await refreshed(resource, state))).step).toBe("same");
      await resource.up({ ...inputs, active: false }, state);
      expect(webhooks()).toMatchObject([{ inactive: true }]);
      await resource.destroy(state);
      await resource.destroy(state);
      expect(webhooks()).toEqual([]);
    },
  );
});
