import fc from "fast-check";
import { RegistryError } from "../../provider/http";
import { endToken, formatTokenState, parseTokenState, type Receipt, sweepLeftovers, type TokenState } from "../../provider/tokens";
import { aName } from "./rig";
import { type Course, receipt, simulatedMinter } from "./simulated-minter";

const minted: TokenState = { stage: "minted", receipt };
const minting: TokenState = {
  stage: "minting",
  type: "selectel",
  registry: "registry.example",
  name: "deploy-1",
  expiresAt: receipt.expiresAt,
};
const before = Date.parse(receipt.expiresAt) - 1;

async function end(state: TokenState, course: Course = {}, now = before) {
  const minter = simulatedMinter(course);
  let opened = 0;
  const ended = await endToken({
    state,
    open: async () => {
      opened += 1;
      return minter;
    },
    now: () => now,
  });
  return { ...ended, opened, steps: minter.steps };
}

describe("The end of a token", () => {
  const down = new RegistryError({
    method: "POST",
    route: "/",
    url: "https://api.example/",
    kind: "connection",
    fate: "unknown",
    problem: "refused",
  });

  it.each<readonly [string, TokenState, Course, number, string, readonly string[]]>([
    ["nothing was minted: nobody logs in", { stage: "none" }, {}, before, "nothing", []],
    ["it has expired: nobody logs in", minted, {}, before + 1, "expired", []],
    ["it is revoked", minted, {}, before, "revoked", ["revoke id-1", "close"]],
    ["it was gone", minted, { revoked: "gone" }, before, "gone", ["revoke id-1", "close"]],
    ["it cannot be ended", minted, { revoked: "lives" }, before, "lives", ["revoke id-1", "close"]],
    ["its answer was lost: it is looked up", minting, { found: [receipt] }, before, "revoked", ["find deploy-1", "revoke id-1", "close"]],
    ["its answer was lost, and nothing is there", minting, {}, before, "nothing", ["find deploy-1", "close"]],
    ["the registry is down", minted, { revoke: down }, before, "failed", ["revoke id-1", "close"]],
    ["the registry is down for the look", minting, { find: down }, before, "failed", ["find deploy-1", "close"]],
  ])("%s", async (_, state, course, now, outcome, steps) => {
    const ended = await end(state, course, now);
    expect(ended.outcome).toBe(outcome);
    expect(ended.steps).toEqual(steps);
    expect(ended.opened).toBe(steps.length > 0 ? 1 : 0);
  });

  it("names id and expiry where it fails", async () => {
    expect((await end(minted, { revoke: down })).text).toMatch(
      /^The token id-1 could not be revoked\. It ends at 2026-01-01T01:00:00Z\. POST https/,
    );
    const failed = await endToken({ state: minted, open: () => Promise.reject(new Error("no credentials")), now: () => before });
    expect(failed).toEqual({
      outcome: "failed",
      text: "The token id-1 could not be revoked. It ends at 2026-01-01T01:00:00Z. no credentials",
    });
  });
});

describe("The state for post", () => {
  const receipts: fc.Arbitrary<Receipt> = fc.record({
    type: fc.constantFrom("selectel", "oci"),
    registry: fc.string(),
    id: fc.string(),
    name: fc.string({ minLength: 1 }),
    expiresAt: fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true }).map((date) => date.toISOString()),
  });

  it("comes back as it was", () => {
    fc.assert(
      fc.property(receipts, (given) => {
        const states: TokenState[] = [{ stage: "minted", receipt: given }, { stage: "none" }];
        const { id: _, ...rest } = given;
        states.push({ stage: "minting", ...rest });
        for (const state of states) expect(parseTokenState(formatTokenState(state))).toEqual(state);
      }),
    );
  });

  it("is that nothing was minted where there is none", () => {
    expect(parseTokenState("")).toEqual({ stage: "none" });
  });

  it.each(["{", "null", "{}", '{"stage":"minted"}', '{"stage":"minting","name":"x"}', JSON.stringify({ ...minted, token: "secret" })])(
    "is refused: %s",
    (text) => {
      expect(() => parseTokenState(text)).toThrow(/saved state/);
      expect(() => parseTokenState(text)).not.toThrow(/secret/);
    },
  );
});

describe("A sweep that fails", () => {
  it("is only a warning", async () => {
    const [log, warn]: [string[], string[]] = [[], []];
    const lines = { log: (line: string) => void log.push(line), warn: (line: string) => void warn.push(line) };
    expect(await sweepLeftovers(simulatedMinter({ sweep: new Error("the list is down") }), aName(), lines)).toBe(0);
    expect([log, warn]).toEqual([[], ["Leftover tokens of earlier runs could not be removed. the list is down"]]);
    expect(await sweepLeftovers(simulatedMinter({ found: [receipt] }), aName(), lines)).toBe(1);
    expect(log).toEqual(["Removed 1 leftover token of earlier runs."]);
    expect(await sweepLeftovers(simulatedMinter(), aName(), lines)).toBe(0);
    expect([log.length, warn.length]).toEqual([1, 1]);
  });
});
