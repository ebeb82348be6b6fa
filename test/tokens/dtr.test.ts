import * as fc from "fast-check";
import { connectDtr, type DtrClient } from "../../provider/registries/dtr";
import { customTokenName, dtrTokens, endToken, issueToken, type TokenMinter, TokenRequestError } from "../../provider/tokens";
import { labelOf, parseLabel } from "../../provider/tokens/dtr/label";
import type { SandboxDtrOptions } from "../sandbox";
import { faults } from "./faults";
import { aName, aRequest, basic, clockOf, recorded, statusOf, withSandbox } from "./rig";

jest.setTimeout(60_000);

interface Rig {
  readonly sandbox: Parameters<Parameters<typeof withSandbox>[1]>[0];
  readonly minter: TokenMinter;
  /** Another one, for who closes it. */
  readonly open: () => Promise<TokenMinter>;
  readonly client: DtrClient;
  readonly url: string;
  readonly password: string;
}

/** A registry with a private repository, and somebody who mints tokens for the user `ci`. */
async function withDtr(test: (rig: Rig) => Promise<void>, dtr: SandboxDtrOptions = {}): Promise<void> {
  const password = "password-of-ci-4711";
  const given = {
    accounts: { ci: { password }, eve: { password: "password-of-eve" } },
    repositories: { "ci/app": { visibility: "private" as const } },
    ...dtr,
  };
  await withSandbox({ apis: ["dtr"], dtr: given }, async (sandbox) => {
    const { url = "" } = sandbox.info.dtr ?? {};
    const options = { url, username: "ci", password, clock: clockOf(sandbox), random: () => 0, env: {} };
    const [minter, client] = [dtrTokens(options), connectDtr(options)];
    try {
      await test({ sandbox, minter, open: async () => dtrTokens(options), client, url, password });
    } finally {
      await Promise.all([minter.close(), client.close()]);
    }
  });
}

const wide = { allowWiderScope: true, allowLongLived: true };
const labels = async ({ client }: Pick<Rig, "client">): Promise<string[]> =>
  (await Array.fromAsync(client.apiTokens.list({ username: "ci" }))).map(({ tokenLabel }) => tokenLabel).sort();
const works = ({ url }: Pick<Rig, "url">, secret: string) => statusOf(`${url}/api/v0/repositories/ci/app`, basic("ci", secret));

describe("an access token of Docker Trusted Registry", () => {
  it("does what its user may, is labelled with the end of its use, and is worthless afterwards", () =>
    withDtr(async (rig) => {
      const request = aRequest(wide);
      const steps = recorded(rig.minter, request);
      const token = await issueToken(steps);
      expect([token.username, await works(rig, token.secret)]).toEqual(["ci", 200]);
      expect(await labels(rig)).toEqual([labelOf(request.name, rig.sandbox.clock.now().getTime() + request.lifetime)]);
      expect(token.receipt).toMatchObject({ type: "dtr", name: request.name.text, expiresAt: "9999-12-31T23:59:59Z" });
      expect(steps.lines.join("\n")).toMatch(/everything that ci may.*\n?.*never ends by itself/s);
      const ended = await endToken({ state: { stage: "minted", receipt: token.receipt }, open: rig.open, now: () => 0 });
      expect(ended.outcome).toBe("revoked");
      expect([await labels(rig), await works(rig, token.secret)]).toEqual([[], 401]);
      expect(await rig.minter.revoke(token.receipt)).toBe("gone");
    }));

  it.each([
    ["neither", {}, ["allow-wider-scope", "allow-long-lived"]],
    ["only the scope", { allowWiderScope: true }, ["allow-long-lived"]],
    ["only the life", { allowLongLived: true }, ["allow-wider-scope"]],
    ["registries", { ...wide, registries: ["a"] }, ["registries"]],
    ["a pattern", { ...wide, repositories: ["ci/*"] }, ["repositories"]],
    ["no life", { ...wide, lifetime: 0 }, ["expires-in"]],
  ])("is refused before anything is asked where the request says %s", (_what, given, settings) =>
    withDtr(async (rig) => {
      const error: unknown = await issueToken(recorded(rig.minter, aRequest(given))).catch((thrown: unknown) => thrown);
      if (!(error instanceof TokenRequestError)) throw error;
      expect(error.problems.map(({ setting }) => setting)).toEqual(settings);
      if (settings.includes("allow-wider-scope")) expect(error.message).toContain("use type: oci with the same address");
      expect(rig.sandbox.control.requests({ api: "dtr" })).toEqual([]);
    }),
  );

  it("that does not work is handed out to nobody, and taken back", () =>
    withDtr(async (rig) => {
      const steps = recorded(rig.minter, aRequest(wide));
      rig.sandbox.control.inject({ api: "dtr", method: "GET", path: "/api_tokens/", times: 9, fault: { kind: "status", status: 401 } });
      await expect(issueToken(steps)).rejects.toThrow(/does not accept the new token/);
      rig.sandbox.control.clearFaults();
      expect([steps.delivered, await labels(rig)]).toEqual([[], []]);
    }));

  const requests = [
    { method: "GET", path: "/api_tokens$" },
    { method: "POST", path: "/api_tokens$" },
    { method: "GET", path: "/api_tokens/" },
  ] as const;
  it.each(requests)("is known to somebody or gone, and its secret nowhere else, whatever fails at %j", (request) =>
    withDtr(async (rig) => {
      for (const fault of faults) {
        for (const times of [1, 100]) {
          const secrets: string[] = [];
          const steps = recorded(rig.minter, aRequest(wide), { mask: ({ secret }) => void secrets.push(secret) });
          rig.sandbox.control.inject({ api: "dtr", ...request, times, fault });
          const text = await issueToken(steps).then(
            () => "issued",
            (error: Error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`,
          );
          rig.sandbox.control.clearFaults();
          if (text !== "issued") expect(steps.delivered).toEqual([]);
          for (const secret of [...secrets, rig.password])
            for (const line of [text, ...steps.lines, JSON.stringify(steps.states)]) expect(line).not.toContain(secret);
          const state = steps.states.at(-1) ?? { stage: "none" as const };
          const left = await labels(rig);
          if (state.stage === "none") expect({ fault, times, left }).toEqual({ fault, times, left: [] });
          const ended = await endToken({ state, open: rig.open, now: () => 0 });
          expect({ fault, times, outcome: ended.outcome }).not.toMatchObject({ outcome: "failed" });
          expect({ fault, times, left: await labels(rig) }).toEqual({ fault, times, left: [] });
        }
      }
    }),
  );
});

describe("what earlier runs left behind", () => {
  const hour = 3_600_000;

  it("is swept when its time is over by an hour, or it is no longer active; nothing else ever is", () =>
    withDtr(async (rig) => {
      const now = rig.sandbox.clock.now().getTime();
      const create = (tokenLabel: string) => rig.client.apiTokens.create({ tokenLabel });
      const [over, due, inactive, foreign, mine] = [aName(), aName(), aName(), aName("another"), aName()];
      await create(labelOf(over, now - 2 * hour));
      await create(labelOf(due, now - hour / 2));
      const { hashedToken } = await create(labelOf(inactive, now + hour));
      await rig.client.apiTokens.update({ hashedToken, isActive: false });
      await create(labelOf(foreign, now - 2 * hour));
      await create(labelOf(mine, now - 2 * hour));
      const others = [
        `${over.base}-${"0".repeat(24)} until 2020-01-01T00:00:00Z`,
        "laptop",
        `${over.text}`,
        `${over.text} until yesterday`,
      ];
      for (const label of others) await create(label);
      const admin = rig.sandbox.info.dtr;
      const elsewhere = connectDtr({ url: rig.url, username: admin?.username ?? "", password: admin?.password ?? "", env: {} });
      await elsewhere.apiTokens.create({ tokenLabel: labelOf(aName(), now - 2 * hour), username: "eve" });
      const swept = await rig.minter.sweep(mine);
      expect(swept.map(({ name }) => name).sort()).toEqual([over.text, inactive.text].sort());
      expect(await labels(rig)).toEqual(
        [labelOf(due, now - hour / 2), labelOf(foreign, now - 2 * hour), labelOf(mine, now - 2 * hour), ...others].sort(),
      );
      expect(await Array.fromAsync(elsewhere.apiTokens.list({ username: "eve" }))).toHaveLength(1);
      await elsewhere.close();
    }));

  it("is known by its label alone, which nobody makes up", () => {
    const names = fc.tuple(fc.stringMatching(/^[a-z0-9.]{1,20}$/), fc.uint8Array({ minLength: 8, maxLength: 8 }));
    fc.assert(
      fc.property(names, fc.integer({ min: 0, max: 4_000_000_000 }), ([base, random], seconds) => {
        const name = customTokenName(base.startsWith("gha.") ? `x${base}` : base, () => random);
        expect(parseLabel(labelOf(name, seconds * 1000))).toEqual({ name, end: seconds * 1000 });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => expect(parseLabel(text)).toBeUndefined()));
  });
});
