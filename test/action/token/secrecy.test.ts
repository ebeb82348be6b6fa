import { maskedForms } from "../../../action/secrets";
import { masksOf, readable, startOci, startSelectel, TokenRunner } from "./rig";

jest.setTimeout(60_000);

const password = 'corre/ct horse"é%\n2nd line';
let runner: TokenRunner;
beforeEach(() => {
  runner = new TokenRunner();
});
afterEach(() => runner.remove());

describe("a registry that repeats what it was told", () => {
  it("makes no secret readable, whatever step fails", async () => {
    const { sandbox, account } = await startOci({ password });
    try {
      const { username = "" } = account;
      const body = JSON.stringify({ errors: [{ code: "DENIED", message: maskedForms({ username, password }).join(" and ") }] });
      for (const point of [
        { api: "oci", path: "/v2/" },
        { api: "oci-token", path: "/token" },
      ]) {
        sandbox.control.inject({ ...point, times: 100, fault: { kind: "status", status: 403, body } });
        const main = await runner.main({ ...account, repositories: "team/a" });
        sandbox.control.clearFaults();
        expect([main.code, main.outputs]).toEqual([1, {}]);
        expect(main.stdout).toMatch(/^::error::/m);
        for (const form of maskedForms({ username, password })) {
          expect(masksOf(main)).toContain(form);
          expect(readable(main)).not.toContain(form);
        }
      }
    } finally {
      await sandbox.close();
    }
  });

  it("gives no commands to the runner", async () => {
    const { sandbox, client, account } = await startSelectel();
    try {
      const body = "x\n::set-output name=token::pwned\r\n##[error]pwned\u001b[2J\n::add-mask::a";
      sandbox.control.inject({ method: "POST", path: "/v2/tokens$", times: 100, fault: { kind: "status", status: 400, body } });
      const main = await runner.main({ ...account, registries: "team-a" });
      sandbox.control.clearFaults();
      const commands = main.stdout.split("\n").flatMap((line) => /^\s*::([a-z-]+)/.exec(line)?.[1] ?? []);
      expect(new Set(commands)).toEqual(new Set(["add-mask", "error"]));
      expect(masksOf(main)).not.toContain("a");
      expect(main.stdout).not.toMatch(/##\[|(?!\n)\p{Cc}/u);
    } finally {
      await client.close();
      await sandbox.close();
    }
  });
});

describe("secrets that stand where they do not belong", () => {
  it("are hidden in errors about inputs", async () => {
    const secret = "sup3r-s3cret-value";
    const inputs = {
      type: "oci",
      registry: secret,
      username: "u",
      password: secret,
      permission: secret,
      "expires-in": secret,
      name: secret,
    };
    const main = await runner.main({ ...inputs, repositories: `team/${secret}/*` });
    expect(main.code).toBe(1);
    expect(main.stdout.match(/^::error::/gm)?.length).toBeGreaterThan(2);
    expect(readable(main)).not.toContain(secret);
    const post = await runner.post(inputs, main);
    expect([post.code, readable(post).includes(secret)]).toEqual([0, false]);
  });
});
