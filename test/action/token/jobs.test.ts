import { basic, statusOf, tokensOf } from "../../tokens/rig";
import { masksOf, readable, type SelectelRig, startSelectel, TokenRunner } from "./rig";

jest.setTimeout(60_000);

let rig: SelectelRig;
let runner: TokenRunner;
beforeAll(async () => {
  rig = await startSelectel();
});
beforeEach(() => {
  runner = new TokenRunner();
});
afterEach(async () => {
  runner.remove();
  for (const { id } of await tokensOf(rig.client)) await rig.client.v2.tokens.delete({ id });
});
afterAll(async () => {
  await rig.client.close();
  await rig.sandbox.close();
});

/** What the registry's host says to a token: 404 is the right to look, since nothing is there. */
const asked = (secret: string, registry = "team-a") => statusOf(`${rig.host}/v2/${registry}/app/tags/list`, basic("token", secret));
const inputs = () => ({ ...rig.account, registries: "team-a" });
const names = async () => (await tokensOf(rig.client)).map(({ name }) => name).sort();

describe("a token", () => {
  it("works until post, in its registry only, and is refused by the registry after that", async () => {
    const main = await runner.main(inputs());
    const { token = "" } = main.outputs;
    expect([await asked(token), await asked(token, "team-b")]).toEqual([404, 403]);
    await runner.post(inputs(), main);
    expect(await asked(token)).toBe(401);
  });

  it("lives on with skip-token-revoke, and its login does not", async () => {
    const all = { ...inputs(), "skip-token-revoke": "true", login: "true" };
    const main = await runner.main(all);
    const post = await runner.post(all, main);
    expect(await asked(main.outputs.token ?? "")).toBe(404);
    expect(runner.read(`${main.outputs["docker-config-path"]}/config.json`)).toBe("");
    expect(readable(post)).not.toContain(main.outputs.token);
  });

  it("is exact to the second", async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { outputs } = await runner.main({ ...inputs(), "expires-in": "90s" });
    const end = Date.parse(outputs["expires-at"] ?? "");
    expect(end % 1000).toBe(0);
    expect(end - before).toBeGreaterThanOrEqual(90_000);
    expect(end - Date.now()).toBeLessThanOrEqual(90_000);
  });
});

describe("jobs at the same time", () => {
  it("never end each other's tokens, nor sweep them, be they legs of one matrix or steps of one job", async () => {
    const legs = await Promise.all([1, 2, 3].map(() => runner.main(inputs())));
    expect(legs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const tokens = legs.map(({ outputs }) => outputs.token ?? "");
    expect(new Set(legs.map(({ state }) => state.nonce)).size).toBe(3);
    for (const [at, leg] of legs.entries()) {
      expect(await Promise.all(tokens.map((token) => asked(token)))).toEqual(tokens.map((_, other) => (other < at ? 401 : 404)));
      const post = await runner.post(inputs(), leg);
      expect(post.code).toBe(0);
      for (const secret of masksOf(leg)) expect(readable(post)).not.toContain(secret);
    }
    expect(await names()).toEqual([]);
  });
});

describe("leftovers", () => {
  /** A token that a killed runner left behind, and what became of it since. */
  async function leave(repository: string, end: "active" | "revoked", name?: string): Promise<string> {
    const { state } = await runner.main(
      { ...inputs(), sweep: "false", ...(name && { name }) },
      { env: { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: "1" } },
    );
    const { receipt } = JSON.parse(state.token ?? "{}");
    if (end === "revoked") await rig.client.v2.tokens.revoke({ id: receipt.id });
    return receipt.name;
  }

  it("of this repository that nobody can use are removed; active ones and others' are not", async () => {
    const own = await leave("octo/app", "revoked");
    const stay = [
      await leave("octo/app", "active"),
      await leave("octo/app-two", "revoked"),
      await leave("octo-app/two", "revoked"),
      await leave("octo/app", "revoked", "deploy"),
    ];
    const main = await runner.main(inputs());
    expect(main.stdout).toContain("Removed 1 leftover token of earlier runs.");
    const left = await names();
    expect(left).not.toContain(own);
    expect(left).toEqual(expect.arrayContaining(stay));
    expect((await runner.main({ ...inputs(), name: "deploy" })).stdout).toContain("Removed 1 leftover token");
    expect(await names()).not.toContain(stay[3]);
  });

  it("stay with sweep: false", async () => {
    const own = await leave("octo/app", "revoked");
    await runner.main({ ...inputs(), sweep: "false" });
    expect(await names()).toContain(own);
  });

  it("that cannot be removed are a warning, and the token is handed out", async () => {
    await leave("octo/app", "revoked");
    rig.sandbox.control.inject({ method: "DELETE", path: "/v2/tokens/", times: 100, fault: { kind: "status", status: 403 } });
    const main = await runner.main(inputs());
    rig.sandbox.control.clearFaults();
    expect(main.code).toBe(0);
    expect(main.stdout).toMatch(/^::warning::Leftover tokens of earlier runs could not be removed\. /m);
    expect(await asked(main.outputs.token ?? "")).toBe(404);
  });
});
