import { readFileSync } from "node:fs";
import { join } from "node:path";
import { image, push } from "../images";
import { type Receiver, receiver } from "./receiver";
import { fields, items, outcome, type Rig, rig } from "./rig";
import { webhookScopes } from "./webhook-types";

const pem = (name: string) => readFileSync(join(__dirname, "../../http/certificates", name), "utf8");

const endpoint = "https://webhook.site/x";
const subscription = { endpoint, key: "team/app", skipTLSVerification: true, type: "TAG_PULL" };

/** Creates a subscription and gives the answered webhook, in whichever form. */
async function subscribe({ call }: Rig, body: object, user = "admin"): Promise<Record<string, unknown>> {
  const response = await call("POST", "webhooks", { body, user });
  if (response.status >= 300) throw new Error(outcome(response));
  return Array.isArray(response.json) ? (items(response)[0] ?? {}) : fields(response);
}

const idsOf = async ({ call }: Rig, target: string, user = "admin") => items(await call("GET", target, { user })).map(({ id }) => id);

describe("webhooks: creation", () => {
  it.each([
    ["2.6", "version", 200, true],
    ["2.7", "version", 201, false],
    ["2.6", "object", 200, false],
  ] as const)("in %s (%s) answers %s", async (version, webhookCreated, status, isArray) => {
    const response = await rig({ version, webhookCreated }).call("POST", "webhooks", { body: subscription });
    expect([response.status, Array.isArray(response.json)]).toEqual([status, isArray]);
  });

  it("keeps what it was given, with an id of 64 digits, and was never successful", async () => {
    const world = rig();
    const { authorID, ...webhook } = await subscribe(world, subscription);
    expect(webhook).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      ...subscription,
      tlsCert: "",
      inactive: false,
      createdAt: "2026-01-01T00:00:00.000123456Z",
      lastSuccessfulAt: "0001-01-01T00:00:00Z",
    });
    expect(world.state.world.accounts.get(String(authorID))?.name).toBe("admin");
  });

  it("of an identical subscription answers the same one, by the switch another", async () => {
    const world = rig();
    const { id } = await subscribe(world, subscription);
    expect((await subscribe(world, { ...subscription, skipTLSVerification: false })).id).toBe(id);
    expect((await subscribe(world, { ...subscription, type: "TAG_PUSH" })).id).not.toBe(id);
    world.state.switches.webhookTwins = "another";
    expect((await subscribe(world, subscription)).id).not.toBe(id);
    expect(world.state.webhooks.size).toBe(3);
  });

  it.each([
    ["a bad body", "{", "400 INVALID_JSON"],
    ["no endpoint", { ...subscription, endpoint: "" }, "400 INVALID_JSON"],
    ["an endpoint that is no URL", { ...subscription, endpoint: "ftp://x" }, "400 INVALID_JSON"],
    ["an unknown type", { ...subscription, type: "CHART_PUSH" }, "400 INVALID_JSON"],
    ["the scanner with a key", { ...subscription, type: "SCANNER_UPDATE_COMPLETED" }, "400 INVALID_JSON"],
    ["REPO_EVENT of a repository", { ...subscription, type: "REPO_EVENT" }, "400 INVALID_JSON"],
    ["an unknown repository", { ...subscription, key: "team/none" }, "404 NO_SUCH_REPOSITORY"],
    ["an unknown namespace", { ...subscription, key: "none" }, "404 NO_SUCH_ACCOUNT"],
  ])("refuses %s", async (_what, body, expected) => {
    const headers = { "content-type": "application/json" };
    expect(outcome(await rig().call("POST", "webhooks", { body, headers }))).toBe(expected);
  });

  it.each([
    ["ops", "TAG_PUSH", "team/app", 200],
    ["dev", "TAG_PUSH", "team/app", 403],
    ["stranger", "TAG_PUSH", "team/app", 404],
    ["stranger", "TAG_PUSH", "stranger/own", 200],
    ["owner", "REPO_EVENT", "team", 200],
    ["owner", "TAG_PUSH", "team", 200],
    ["member", "REPO_EVENT", "team", 403],
    ["owner", "TAG_PUSH", "", 403],
    ["owner", "SCANNER_UPDATE_COMPLETED", "", 403],
    ["admin", "SCANNER_UPDATE_COMPLETED", "", 200],
    ["admin", "TAG_PUSH", "", 200],
    [null, "TAG_PUSH", "team/open", 401],
  ])("by %s of %s for '%s' is a %s", async (user, type, key, status) => {
    expect((await rig().call("POST", "webhooks", { user, body: { endpoint, type, key } })).status).toBe(status);
  });
});

describe("webhooks: lists", () => {
  it("show administrators all and others their own, by type, repository and namespace", async () => {
    const world = rig();
    const pull = (await subscribe(world, subscription)).id;
    const push = (await subscribe(world, { ...subscription, type: "TAG_PUSH" }, "ops")).id;
    const namespace = (await subscribe(world, { endpoint, type: "REPO_EVENT", key: "team" }, "owner")).id;
    expect(await idsOf(world, "webhooks")).toEqual([pull, push, namespace]);
    expect(await idsOf(world, "webhooks?webhookType=any", "ops")).toEqual([push]);
    expect(await idsOf(world, "webhooks?webhookType=TAG_PULL")).toEqual([pull]);
    expect(await idsOf(world, "repositories/team/app/webhooks", "ops")).toEqual([pull, push]);
    expect(await idsOf(world, "accounts/team/webhooks", "owner")).toEqual([namespace]);
  });

  it("of repositories and namespaces are for their administrators", async () => {
    const { call } = rig();
    expect(outcome(await call("GET", "repositories/team/app/webhooks", { user: "dev" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("GET", "repositories/team/none/webhooks"))).toBe("404 NO_SUCH_REPOSITORY");
    expect(outcome(await call("GET", "accounts/team/webhooks", { user: "member" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("GET", "accounts/none/webhooks"))).toBe("404 NO_SUCH_ACCOUNT");
    expect(outcome(await call("GET", "webhooks", { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});

describe("webhooks: change and deletion", () => {
  it.each(["2.6", "2.7"] as const)("of inactive, certificate and verification only, as an array, in %s", async (version) => {
    const world = rig({ version });
    const { id } = await subscribe(world, subscription);
    const body = { id, inactive: true, tlsCert: "pem", skipTLSVerification: false, endpoint: "https://other", type: "TAG_PUSH", key: "" };
    const response = await world.call("POST", "webhooks/update", { body });
    expect(response.status).toBe(200);
    expect(items(response)).toEqual([
      expect.objectContaining({ ...subscription, id, inactive: true, tlsCert: "pem", skipTLSVerification: false }),
    ]);
  });

  it.each([
    ["2.6", 200],
    ["2.7", 204],
  ] as const)("in %s deletes with %s, and then there is none", async (version, status) => {
    const world = rig({ version });
    const { id } = await subscribe(world, subscription);
    expect((await world.call("DELETE", `webhooks/${id}`)).status).toBe(status);
    expect(outcome(await world.call("DELETE", `webhooks/${id}`))).toBe("404 NO_SUCH_WEBHOOK");
    expect(outcome(await world.call("POST", "webhooks/update", { body: { id } }))).toBe("404 NO_SUCH_WEBHOOK");
    expect(await idsOf(world, "webhooks")).toEqual([]);
  });

  it("is for its author and whoever might have subscribed", async () => {
    const world = rig();
    const { id } = await subscribe(world, { ...subscription, type: "TAG_PUSH" }, "ops");
    expect(outcome(await world.call("DELETE", `webhooks/${id}`, { user: "dev" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await world.call("POST", "webhooks/update", { user: "dev", body: { id } }))).toBe("403 NOT_AUTHORIZED");
    expect((await world.call("DELETE", `webhooks/${id}`, { user: "owner" })).status).toBe(200);
  });
});

describe("webhooks: delivery", () => {
  let hook: Receiver;
  beforeEach(async () => {
    hook = await receiver();
  });
  afterEach(() => hook.close());

  it("POSTs what happened to a tag, and was successful then", async () => {
    const world = rig();
    const { id } = await subscribe(world, { endpoint: hook.url, key: "team/app", type: "TAG_DELETE" });
    const { digest } = push(world.store, "team/app", "v1", image());
    world.clock.advance(1_000);
    expect((await world.call("DELETE", "repositories/team/app/tags/v1")).status).toBe(204);
    await world.state.settled();
    const at = "2026-01-01T00:00:01.000123456Z";
    expect(hook.received).toEqual([
      {
        type: "TAG_DELETE",
        createdAt: at,
        contents: {
          namespace: "team",
          repository: "app",
          tag: "v1",
          digest,
          imageName: "team/app:v1",
          os: "linux",
          architecture: "amd64",
          author: "admin",
          deletedAt: at,
        },
        location: "/repositories/team/app/tags/v1",
      },
    ]);
    expect(world.state.deliveries).toEqual([{ webhook: id, type: "TAG_DELETE", endpoint: hook.url, body: hook.received[0], status: 200 }]);
    expect(items(await world.call("GET", "webhooks"))[0]?.lastSuccessfulAt).toBe(at);
  });

  it("reaches subscriptions of the repository, its namespace and everything, but no others and no inactive ones", async () => {
    const world = rig();
    const type = "TAG_DELETE";
    const keys = ["team/app", "team", "", "team/open", "stranger"];
    for (const key of keys) await subscribe(world, { endpoint: `${hook.url}?${key}`, key, type });
    await subscribe(world, { endpoint: hook.url, key: "team/app", type: "TAG_PUSH" });
    const { id } = await subscribe(world, { endpoint: `${hook.url}?inactive`, key: "team/app", type });
    await world.call("POST", "webhooks/update", { body: { id, inactive: true } });
    push(world.store, "team/app", "v1", image());
    await world.call("DELETE", "repositories/team/app/tags/v1");
    await world.state.settled();
    expect(world.state.deliveries.map((one) => one.endpoint.split("?")[1])).toEqual(["team/app", "team", ""]);
  });

  it("tells a namespace of its repositories", async () => {
    const world = rig();
    await subscribe(world, { endpoint: hook.url, key: "team", type: "REPO_EVENT" });
    await world.call("POST", "repositories/team", { body: { name: "new" } });
    await world.state.settled();
    expect(hook.received.map(({ contents }) => contents)).toEqual([expect.objectContaining({ repository: "new", event: "REPO_CREATED" })]);
  });

  it("that fails is kept, and was never successful", async () => {
    const failing = await receiver(500);
    const world = rig();
    await subscribe(world, { endpoint: failing.url, key: "team/app", type: "TAG_DELETE" });
    await subscribe(world, { endpoint, key: "team/app", type: "TAG_DELETE" });
    push(world.store, "team/app", "v1", image());
    await world.call("DELETE", "repositories/team/app/tags/v1");
    await world.state.settled();
    await failing.close();
    expect(world.state.deliveries.map(({ status, error }) => [status, error])).toEqual([
      [500, undefined],
      [undefined, `not sent: ${endpoint} is not on loopback`],
    ]);
    const dates = items(await world.call("GET", "webhooks")).map(({ lastSuccessfulAt }) => lastSuccessfulAt);
    expect(dates).toEqual(["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]);
  });

  it.each(Object.keys(webhookScopes))("sends a sample of %s as a test", async (type) => {
    const { call, state } = rig();
    expect((await call("POST", "webhooks/test", { body: { type, endpoint: hook.url }, user: "dev" })).status).toBe(200);
    expect(hook.received).toEqual([
      { type, createdAt: "2026-01-01T00:00:00.000123456Z", contents: expect.any(Object), location: expect.stringMatching(/^\//) },
    ]);
    expect(state.deliveries.map(({ webhook, status }) => [webhook, status])).toEqual([["", 200]]);
  });

  it("of the documented test is the documented sample", async () => {
    await rig().call("POST", "webhooks/test", { body: { type: "TAG_PUSH", endpoint: hook.url } });
    expect(hook.received[0]).toMatchObject({
      contents: {
        namespace: "foo",
        repository: "bar",
        tag: "latest",
        imageName: "foo/bar:latest",
        os: "linux",
        architecture: "amd64",
        author: "",
        pushedAt: "2015-01-02T15:04:05Z",
      },
      location: "/repositories/foo/bar/tags/latest",
    });
  });

  it.each([
    ["trusts the certificate that it was given", { tlsCert: pem("authority.pem") }, 200],
    ["trusts anything without verification", { skipTLSVerification: true }, 200],
    ["trusts nobody else", {}, undefined],
  ])("by TLS %s", async (_what, trust, status) => {
    const tls = await receiver(200, { key: pem("server.key.pem"), cert: pem("server.pem") });
    const { call, state } = rig();
    await call("POST", "webhooks/test", { body: { type: "TAG_PUSH", endpoint: tls.url, ...trust } });
    await tls.close();
    expect(state.deliveries.map((delivery) => delivery.status)).toEqual([status]);
    expect(tls.received).toHaveLength(status ? 1 : 0);
  });

  it("of a test refuses unknown types, bad endpoints and anonymous clients", async () => {
    const { call } = rig();
    expect(outcome(await call("POST", "webhooks/test", { body: { type: "X", endpoint } }))).toBe("400 INVALID_JSON");
    expect(outcome(await call("POST", "webhooks/test", { body: { type: "TAG_PUSH" } }))).toBe("400 INVALID_JSON");
    expect(outcome(await call("POST", "webhooks/test", { body: {}, user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});
