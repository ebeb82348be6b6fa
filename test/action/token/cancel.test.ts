import { tokensOf } from "../../tokens/rig";
import type { Done } from "../process";
import { masksOf, onRequest, readable, type SelectelRig, shown, startOci, startSelectel, TokenRunner } from "./rig";

jest.setTimeout(60_000);

let rig: SelectelRig;
let runner: TokenRunner;
beforeAll(async () => {
  rig = await startSelectel();
});
beforeEach(() => {
  runner = new TokenRunner();
  rig.sandbox.control.clearRequests();
});
afterEach(() => {
  rig.sandbox.control.clearFaults();
  runner.remove();
});
afterAll(async () => {
  await rig.client.close();
  await rig.sandbox.close();
});

const look = (done: Done) => shown(done, { ...rig.origins, host: rig.account.registry ?? "", folder: runner.folder });
const safe = (done: Done) => {
  for (const secret of [...masksOf(done), rig.password]) expect(readable(done)).not.toContain(secret);
};
/** Longer than the runner waits: whoever does not listen to the signal is still there then. */
const long = 20_000;

/** Every request on the way to a token, in the order in which they are sent. */
const points = [
  { what: "the login", api: "selectel-identity", method: "POST", path: "/auth/tokens" },
  { what: "the list of registries", api: "selectel", method: "GET", path: "/v1/registries" },
  { what: "the mint", api: "selectel", method: "POST", path: "/v2/tokens$" },
  { what: "the look at the token", api: "selectel", method: "GET", path: "/v2/tokens/" },
  { what: "the trial pull", api: "selectel-registry", method: "GET", path: "/tags/list" },
  { what: "the trial push", api: "selectel-registry", method: "PATCH", path: "/uploads/" },
] as const;

describe("a job that is cancelled while the token is made", () => {
  it.each(points.map((point) => [point.what, point] as const))("leaves none behind, and hands out none: during %s", async (_, point) => {
    const { what: __, ...request } = point;
    // What the request asks for is done; its answer does not come.
    rig.sandbox.control.inject({ ...request, fault: { kind: "slow-header", ms: long } });
    const inputs = { ...rig.account, registries: "team-a", login: "true" };
    const started = Date.now();
    const main = await runner.main(inputs, { during: onRequest(rig.sandbox, request, "SIGINT") });
    expect(Date.now() - started).toBeLessThan(7_500);
    rig.sandbox.control.clearFaults();
    expect(look(main)).toMatchSnapshot("main");
    expect([main.code, main.outputs, main.exported]).toEqual([130, {}, {}]);
    expect(await tokensOf(rig.client)).toEqual([]);
    const post = await runner.post(inputs, main);
    expect(look(post)).toMatchSnapshot("post");
    for (const done of [main, post]) safe(done);
  });

  it.each(points.map((point) => [point.what, point] as const))(
    "leaves none after post, if it is killed on the spot: during %s",
    async (_, point) => {
      const { what: __, ...request } = point;
      rig.sandbox.control.inject({ ...request, fault: { kind: "slow-header", ms: long } });
      const inputs = { ...rig.account, registries: "team-a", login: "true" };
      const main = await runner.main(inputs, { during: onRequest(rig.sandbox, request, "SIGKILL") });
      rig.sandbox.control.clearFaults();
      expect([main.code, main.outputs, main.exported]).toEqual([null, {}, {}]);
      const post = await runner.post(inputs, main);
      expect(look(post)).toMatchSnapshot("post");
      expect(await tokensOf(rig.client)).toEqual([]);
      for (const done of [main, post]) safe(done);
    },
  );

  it("leaves none after post, if the mint takes effect only when main has gone", async () => {
    const look = { api: "selectel", method: "GET", path: "/v2/tokens$" };
    rig.sandbox.control.inject({ api: "selectel", method: "POST", path: "/v2/tokens$", fault: "reset-before" });
    // The second look is for what became of the mint.
    rig.sandbox.control.inject({ ...look, skip: 1, fault: { kind: "slow-header", ms: long } });
    const inputs = { ...rig.account, registries: "team-a" };
    const main = await runner.main(inputs, { during: onRequest(rig.sandbox, look, "SIGINT", 2) });
    expect([main.code, main.outputs, await tokensOf(rig.client)]).toEqual([130, {}, []]);
    const state = JSON.parse(main.state.token ?? "{}");
    expect(state).toMatchObject({ stage: "minting" });
    // The request was not lost but slow.
    const [{ id = "" } = {}] = await Array.fromAsync(rig.client.v1.registries.list());
    const scope = { modeRW: false, allRegistries: false, registryIds: [id] };
    await rig.client.v2.tokens.create({ name: state.name, expiration: { isSet: true, expiresAt: state.expiresAt }, scope });
    const post = await runner.post(inputs, main);
    expect([post.code, post.stdout]).toEqual([0, expect.stringMatching(/ is revoked\.\n$/)]);
    expect(await tokensOf(rig.client)).toEqual([]);
  });

  it("while leftovers are swept keeps what it has handed out, and post ends it", async () => {
    const request = { api: "selectel", method: "GET", path: "/v2/tokens$" };
    const inputs = { ...rig.account, registries: "team-a" };
    rig.sandbox.control.inject({ ...request, skip: 1, fault: { kind: "slow-header", ms: long } });
    const main = await runner.main(inputs, { during: onRequest(rig.sandbox, request, "SIGTERM", 2) });
    rig.sandbox.control.clearFaults();
    expect([main.code, Object.keys(main.outputs)]).toEqual([143, expect.arrayContaining(["token"])]);
    expect(await tokensOf(rig.client)).toHaveLength(1);
    expect((await runner.post(inputs, main)).stdout).toMatch(/is revoked\.\n$/);
    expect(await tokensOf(rig.client)).toEqual([]);
  });

  it("on a registry with a token server hands out nothing", async () => {
    const { sandbox, account } = await startOci();
    try {
      const request = { api: "oci-token", method: "GET", path: "/token" };
      sandbox.control.inject({ ...request, fault: { kind: "slow-header", ms: long } });
      const inputs = { ...account, repositories: "team/a", login: "true" };
      const main = await runner.main(inputs, { during: onRequest(sandbox, request, "SIGINT") });
      const names = { host: account.registry ?? "", folder: runner.folder };
      expect(shown(main, names)).toMatchSnapshot("main");
      expect(shown(await runner.post(inputs, main), names)).toMatchSnapshot("post");
    } finally {
      await sandbox.close();
    }
  });
});

describe("a job that is cancelled while its token is ended", () => {
  it("ends it all the same", async () => {
    const inputs = { ...rig.account, registries: "team-a" };
    const main = await runner.main(inputs);
    const request = { api: "selectel", method: "DELETE", path: "/v2/tokens/" };
    rig.sandbox.control.inject({ ...request, fault: { kind: "delay", ms: 300 } });
    const post = await runner.post(inputs, main, { during: onRequest(rig.sandbox, request, "SIGINT") });
    expect([post.code, post.stdout]).toEqual([0, expect.stringMatching(/is revoked\.\n$/)]);
    expect(await tokensOf(rig.client)).toEqual([]);
  });
});
