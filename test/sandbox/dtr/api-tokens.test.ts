import { basic, type CallOptions, fields, items, outcome, type Rig, rig } from "./rig";

interface Made {
  readonly token: string;
  readonly hashedToken: string;
}

async function make({ call }: Rig, target = "api_tokens", options: CallOptions = {}): Promise<Made & Record<string, unknown>> {
  const response = await call("POST", target, { body: { tokenLabel: "ci" }, ...options });
  const made = fields(response);
  return { ...made, token: String(made.token), hashedToken: String(made.hashedToken) };
}

const listOf = async ({ call }: Rig, query = "", user = "admin") =>
  items(await call("GET", `api_tokens${query}`, { user })).map(({ hashedToken }) => hashedToken);

describe("api_tokens: creation", () => {
  it("shows the secret once, beside its hash of 64 digits", async () => {
    const world = rig();
    const response = await world.call("POST", "api_tokens", { body: { tokenLabel: "ci" }, headers: { "user-agent": "test/1" } });
    expect(response.status).toBe(200);
    const { token, ...rest } = fields(response);
    expect(String(token)).toMatch(/^[0-9a-f-]{36}$/);
    expect(rest).toEqual({
      hashedToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      tokenLabel: "ci",
      isActive: true,
      lastUsed: "0001-01-01T00:00:00Z",
      createdAt: "2026-01-01T00:00:00.000123456Z",
      generatedBy: "user",
      creatorUa: "test/1",
    });
    expect(fields(await world.call("GET", `api_tokens/${rest.hashedToken}`))).toEqual(rest);
    expect(JSON.stringify([...world.state.tokens.values()])).not.toContain(String(token));
  });

  it("is each time another one", async () => {
    const world = rig();
    expect((await make(world)).token).not.toBe((await make(world)).token);
  });

  it("works for another user by an administrator alone", async () => {
    const world = rig();
    const { hashedToken } = await make(world, "api_tokens?username=dev");
    expect(await listOf(world, "", "dev")).toEqual([hashedToken]);
    expect(outcome(await world.call("POST", "api_tokens?username=dev", { user: "owner", body: {} }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await world.call("POST", "api_tokens?username=nobody", { body: {} }))).toBe("404 NO_SUCH_USER");
    expect(outcome(await world.call("POST", "api_tokens", { user: null, body: {} }))).toBe("401 NOT_AUTHENTICATED");
  });
});

describe("an access token", () => {
  const as = ({ call }: Rig, user: string, token: string) =>
    call("GET", "meta/features", { headers: { authorization: basic(user, token) } });

  it("stands for the password of its owner, and of nobody else, and is used thereby", async () => {
    const world = rig();
    const { token, hashedToken } = await make(world, "api_tokens", { user: "dev" });
    world.clock.advance(1_000);
    expect((await as(world, "dev", token)).status).toBe(200);
    expect(outcome(await as(world, "owner", token))).toBe("401 NOT_AUTHENTICATED");
    expect(fields(await world.call("GET", `api_tokens/${hashedToken}`)).lastUsed).toBe("2026-01-01T00:00:01.000123456Z");
  });

  it("stops working when it is switched off or deleted", async () => {
    const world = rig();
    const { token, hashedToken } = await make(world);
    const path = `api_tokens/${hashedToken}`;
    const changed = await world.call("PATCH", path, { body: { isActive: false } });
    expect([changed.status, fields(changed).isActive, fields(changed).tokenLabel, fields(changed).token]).toEqual([
      200,
      false,
      "ci",
      undefined,
    ]);
    expect((await as(world, "admin", token)).status).toBe(401);
    await world.call("PATCH", path, { body: { isActive: true, tokenLabel: "new" } });
    expect(fields(await world.call("GET", path)).tokenLabel).toBe("new");
    expect((await as(world, "admin", token)).status).toBe(200);
    expect((await world.call("DELETE", path)).status).toBe(200);
    expect((await as(world, "admin", token)).status).toBe(401);
    for (const method of ["GET", "DELETE"]) expect(outcome(await world.call(method, path))).toBe("404 NO_SUCH_API_TOKEN");
    expect(outcome(await world.call("PATCH", path, { body: {} }))).toBe("404 NO_SUCH_API_TOKEN");
  });

  it("is its owner's and the administrators'", async () => {
    const world = rig();
    const { hashedToken } = await make(world, "api_tokens", { user: "dev" });
    for (const method of ["GET", "DELETE", "PATCH"]) {
      const answer = await world.call(method, `api_tokens/${hashedToken}`, { user: "owner", body: {} });
      expect([method, outcome(answer)]).toEqual([method, "403 NOT_AUTHORIZED"]);
    }
    expect((await world.call("GET", `api_tokens/${hashedToken}`, { user: "dev" })).status).toBe(200);
  });
});

describe("api_tokens: lists", () => {
  it("hold all for administrators, by the switch their own, and each user's for himself", async () => {
    const world = rig();
    const mine = (await make(world)).hashedToken;
    const devs = (await make(world, "api_tokens", { user: "dev" })).hashedToken;
    expect(await listOf(world)).toEqual([mine, devs].sort());
    expect(await listOf(world, "?username=dev")).toEqual([devs]);
    expect(await listOf(world, "", "dev")).toEqual([devs]);
    world.state.switches.tokensListed = "own";
    expect(await listOf(world)).toEqual([mine]);
    expect(outcome(await world.call("GET", "api_tokens?username=admin", { user: "dev" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await world.call("GET", "api_tokens?username=nobody"))).toBe("404 NO_SUCH_USER");
  });

  it("come in pages", async () => {
    const world = rig();
    for (let at = 0; at < 12; at += 1) await make(world);
    const first = await world.call("GET", "api_tokens?count=true");
    expect([items(first).length, first.headers?.["x-resource-count"]]).toEqual([10, "12"]);
    const rest = await world.call("GET", `api_tokens?pageStart=${first.headers?.["x-next-page-start"]}`);
    expect([items(rest).length, rest.headers?.["x-next-page-start"]]).toEqual([2, undefined]);
  });
});

describe("api_tokens: mass deletion", () => {
  it("takes those that were generated by themselves, unless generatedby says otherwise", async () => {
    const world = rig();
    world.state.addToken("dev");
    const { hashedToken } = await make(world);
    expect((await world.call("DELETE", "api_tokens")).status).toBe(200);
    expect(await listOf(world)).toEqual([hashedToken]);
    expect((await world.call("DELETE", "api_tokens?generatedby=user")).status).toBe(200);
    expect(await listOf(world)).toEqual([]);
  });

  it("goes by user and by last use", async () => {
    const world = rig();
    world.state.addToken("dev");
    const used = world.state.addToken("owner");
    await world.call("GET", "meta/features", { headers: { authorization: basic("owner", used) } });
    world.state.addToken("owner");
    await world.call("DELETE", "api_tokens?username=owner&usedbefore=2025-12-31");
    expect([...world.state.tokens.values()].map(({ lastUsed }) => lastUsed !== undefined)).toEqual([false, true]);
    await world.call("DELETE", "api_tokens?usedbefore=2026-01-02T00:00:00Z");
    expect(world.state.tokens.size).toBe(0);
  });

  it("is for one's own only without being administrator", async () => {
    const world = rig();
    world.state.addToken("dev");
    world.state.addToken("owner");
    await world.call("DELETE", "api_tokens", { user: "dev" });
    expect(world.state.tokens.size).toBe(1);
    expect(outcome(await world.call("DELETE", "api_tokens?username=owner", { user: "dev" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await world.call("DELETE", "api_tokens?usedbefore=yesterday"))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await world.call("DELETE", "api_tokens?username=nobody"))).toBe("404 NO_SUCH_USER");
  });
});
