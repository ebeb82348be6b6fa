import { existsSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { onRequest, type SelectelRig, startOci, startSelectel } from "../action/token/rig";
import { type Sandbox, startSandbox } from "../sandbox";
import { BuiltProgram, type Invocation, shown } from "./program";

jest.setTimeout(60_000);

let program: BuiltProgram;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());

/** Options of an action's inputs, and the environment with the password. */
function asOptions({ password = "", ...inputs }: Readonly<Record<string, string>>): { args: string[]; env: Record<string, string> } {
  return { args: Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value]), env: { REGISTRY_PASSWORD: password } };
}

describe("token, for an OCI registry", () => {
  let sandbox: Sandbox;
  let account: Record<string, string>;
  beforeEach(async () => {
    ({ sandbox, account } = await startOci());
  });
  afterEach(() => sandbox.close());
  const run = (args: readonly string[], more: Invocation = {}) => {
    const { args: known, env } = asOptions(account);
    return program.run(["token", ...known, ...args], { env, ...more });
  };
  const pull = async (token: string, repository = "team/app") =>
    (await fetch(`${sandbox.info.oci?.url}/v2/${repository}/tags/list`, { headers: { authorization: `Bearer ${token}` } })).status;

  it("prints the token, and nothing else, to stdout", async () => {
    const ended = await run(["--repositories", "team/app", "--expires-in", "5m"]);
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/^[\w.-]+\n$/)]);
    const token = ended.stdout.trim();
    // Nothing is in the registry: whoever may read gets to hear that.
    expect([await pull(token), await pull(token, "team/web")]).toEqual([404, 401]);
    expect(ended.stderr).not.toContain(token);
    expect(ended.stderr).toMatch(/^The token for 127\.0\.0\.1:\d+ ends at \d{4}-/m);
  });

  it("says of --json what an action's outputs say", async () => {
    const { code, stdout } = await run(["--repositories", "team/app", "--expires-in", "5m", "--json"]);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        token: expect.any(String),
        username: "",
        registry: account.registry,
        id: expect.any(String),
        expiresAt: expect.stringMatching(/Z$/),
        dockerConfig: null,
      },
    ]);
  });

  it("fails with wrong credentials, and prints nothing", async () => {
    const ended = await run(["--repositories", "team/app"], { env: { REGISTRY_PASSWORD: "wrong" } });
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(shown(ended, { registry: account.registry ?? "", token: new URL(`http://${account.registry}`).hostname })).toMatch(
      /Error: .*401/,
    );
  });

  it("cannot be revoked, which is said", async () => {
    const { args, env } = asOptions(account);
    const ended = await program.run(["token", "revoke", "some-id", ...args], { env });
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([
      1,
      "",
      "Error: The token some-id cannot be revoked at this registry: its tokens die by their expiry.\n",
    ]);
  });
});

describe("token, for Selectel", () => {
  let rig: SelectelRig;
  beforeEach(async () => {
    rig = await startSelectel();
  });
  afterEach(() => rig.sandbox.close());
  const run = (args: readonly string[], more: Invocation = {}, folder?: string) => {
    const { args: known, env } = asOptions(rig.account);
    return program.run(["token", ...args, ...known], { env, ...more }, folder);
  };
  const tokens = async () => (await Array.fromAsync(rig.client.v2.tokens.list())).map(({ id, status }) => ({ id, status }));

  it("is minted, found by its id, and revoked", async () => {
    const minted = await run(["--registries", "team-a", "--json"]);
    expect(minted.code).toBe(0);
    const { id, token } = JSON.parse(minted.stdout);
    expect(await tokens()).toEqual([{ id, status: "active" }]);
    const revoked = await run(["revoke", id, "--json"]);
    expect([revoked.code, JSON.parse(revoked.stdout)]).toEqual([0, { id, outcome: "revoked", text: `The token ${id} is revoked.` }]);
    expect(await tokens()).toEqual([]);
    const again = await run(["revoke", id]);
    expect([again.code, again.stdout]).toEqual([0, `The token ${id} was gone already.\n`]);
    for (const text of [minted.stderr, revoked.stdout, revoked.stderr, again.stdout, again.stderr]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(rig.password);
    }
  });

  it("takes the variables of Selectel's own tools", async () => {
    const { username = "", "account-id": account = "", "project-id": project = "" } = rig.account;
    const env = {
      SEL_USERNAME: username,
      OS_PASSWORD: rig.password,
      OS_DOMAIN_NAME: account,
      INFRA_PROJECT_ID: project,
      OS_AUTH_URL: rig.account["auth-url"] ?? "",
      SELECTEL_CRAAS_URL: rig.account["api-url"] ?? "",
      SELECTEL_REGISTRY_URL: rig.host,
    };
    const ended = await program.run(["token", "--type", "selectel", "--registries", "team-a"], { env });
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("The token will live for 1 h.")]);
  });

  it("goes into a Docker configuration with --login, whose folder is printed in its place", async () => {
    const folder = program.newFolder();
    const ended = await run(["--registries", "team-a", "--login", "docker"], {}, folder);
    expect([ended.code, ended.stdout]).toEqual([0, `${path.join(folder, "docker")}\n`]);
    const file = path.join(folder, "docker", "config.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")).auths)).toEqual([new URL(rig.host).host]);
  });

  it("is taken back where the Docker configuration cannot be written, which is not overwritten", async () => {
    const folder = program.newFolder({ "config.json": "{}" });
    const ended = await run(["--registries", "team-a", "--login", "."], {}, folder);
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toContain("choose another folder for --login");
    expect(readFileSync(path.join(folder, "config.json"), "utf8")).toBe("{}");
    expect(await tokens()).toEqual([]);
  });

  it("is taken back after Ctrl-C", async () => {
    const folder = program.newFolder();
    const during = onRequest(rig.sandbox, { api: "selectel", method: "POST", path: "/tokens" }, "SIGINT");
    const ended = await run(["--registries", "team-a", "--login", "docker"], { env: asOptions(rig.account).env, during }, folder);
    expect([ended.code, ended.stdout]).toEqual([130, ""]);
    expect(ended.stderr).toContain("Interrupted. No token is handed out.");
    expect(await tokens()).toEqual([]);
    expect(existsSync(path.join(folder, "docker"))).toBe(false);
  });
});

describe("token, for Docker Trusted Registry", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ apis: ["dtr"] });
  });
  afterEach(() => sandbox.close());

  it("takes DTR's own variables, says how wide the token is, and is revoked by its id", async () => {
    const { url = "", username = "", password = "" } = sandbox.info.dtr ?? {};
    const env = { DTR_URL: url, DTR_USERNAME: username, DTR_PASSWORD: password };
    const refused = await program.run(["token", "--type", "dtr"], { env });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("--allow-wider-scope")]);
    const minted = await program.run(["token", "--type", "dtr", "--allow-wider-scope", "--allow-long-lived", "--json"], { env });
    expect([minted.code, minted.stderr]).toEqual([0, expect.stringContaining(`everything that ${username} may`)]);
    const { id } = JSON.parse(minted.stdout);
    expect(minted.stderr).toContain(`Nothing ends it but you: registry-as-code token revoke ${id} --type dtr`);
    const revoked = await program.run(["token", "revoke", id, "--type", "dtr"], { env });
    expect([revoked.code, revoked.stdout]).toEqual([0, `The token ${id} is revoked.\n`]);
  });
});
