import { inspect } from "node:util";
import { RegistryError } from "../../provider/http";
import { formatTokenState, type IssueSteps, issueToken, MintedToken, WrongToken } from "../../provider/tokens";
import { aRequest, recorded } from "./rig";
import { type Course, receipt, secret, simulatedMinter } from "./simulated-minter";

const request = aRequest({ registries: ["team-a"] });
const refused = (status: number, fate: "answered" | "unknown" | "refused" | "not-sent" = "answered") =>
  new RegistryError({ method: "POST", route: "/tokens", url: "https://api.example/tokens", kind: "status", fate, status });

/** One list of what the minter and the steps around it did. */
function scene(course: Course = {}) {
  const events: string[] = [];
  const onStep = (step: string) => {
    events.push(step);
    course.onStep?.(step);
  };
  const steps = recorded(simulatedMinter({ ...course, onStep }), request);
  // What is recorded of the steps goes into the same list.
  const log = steps.log;
  Object.assign(steps.events, { push: (event: string) => (event === "log" ? 0 : events.push(event)) });
  return { events, steps: { ...steps, log } };
}

describe("A token is issued", () => {
  it("in this order and no other", async () => {
    const { events, steps } = scene({ warnings: ["short"] });
    expect((await issueToken(steps)).secret).toBe(secret);
    expect(events).toEqual(["prepare", "keep minting", "mint", "mask", "keep minted", "verify", "warn", "deliver"]);
    expect(steps.states).toEqual([
      { stage: "minting", type: "selectel", registry: receipt.registry, name: request.name.text, expiresAt: receipt.expiresAt },
      { stage: "minted", receipt },
    ]);
  });

  it("with nothing kept that is secret", async () => {
    const { steps } = scene();
    await issueToken(steps);
    for (const state of steps.states) expect(formatTokenState(state)).not.toContain(secret);
  });
});

describe("What fails before the mint mints nothing", () => {
  it.each(["prepare"] as const)("%s", async (step) => {
    const { events, steps } = scene({ [step]: new Error("no") });
    await expect(issueToken(steps)).rejects.toThrow("no");
    expect(events).toEqual(["prepare"]);
  });

  it("neither does a state that could not be kept", async () => {
    const { events, steps } = scene();
    await expect(issueToken({ ...steps, keep: () => Promise.reject(new Error("disk full")) })).rejects.toThrow("disk full");
    expect(events).toEqual(["prepare"]);
  });
});

describe("What fails after the mint ends the token", () => {
  const failures: readonly [string, Course, Partial<IssueSteps>][] = [
    ["the proof", { verify: new WrongToken("more", "too much") }, {}],
    ["the proof, by a registry that is down", { verify: refused(500, "unknown") }, {}],
    ["the handing out", {}, { deliver: () => Promise.reject(new Error("no outputs")) }],
    [
      "the masking",
      {},
      {
        mask: () => {
          throw new Error("no mask");
        },
      },
    ],
  ];
  it.each(failures)("%s", async (_, course, more) => {
    const { events, steps } = scene(course);
    await expect(issueToken({ ...steps, ...more })).rejects.toThrow();
    expect(events.filter((event) => event.startsWith("revoke"))).toEqual(["revoke id-1"]);
    expect(steps.states.at(-1)).toEqual({ stage: "none" });
    expect(steps.delivered).toEqual([]);
  });

  it("the keeping of its id", async () => {
    const { events, steps } = scene();
    let kept = 0;
    const keep = () => {
      kept += 1;
      if (kept === 2) throw new Error("disk full");
    };
    await expect(issueToken({ ...steps, keep })).rejects.toThrow("disk full");
    expect(events).toContain("revoke id-1");
    expect(events).not.toContain("deliver");
  });

  it("and where even that fails, says which token ends when, and leaves it to post", async () => {
    const { steps } = scene({ verify: new Error("no"), revoke: refused(500, "unknown") });
    await expect(issueToken(steps)).rejects.toThrow("no");
    expect(steps.lines.at(-1)).toMatch(
      /^The token id-1 that was minted could not be revoked; it ends at 2026-01-01T01:00:00Z\. POST https/,
    );
    expect(steps.states.at(-1)).toEqual({ stage: "minted", receipt });
  });

  it("and no error repeats the secret, whoever wrote it", async () => {
    for (const text of [secret, Buffer.from(secret).toString("base64"), `user:${secret}`]) {
      const { steps } = scene();
      const failure = await issueToken({ ...steps, deliver: () => Promise.reject(new Error(`cannot write ${text}`)) }).catch(
        (e: unknown) => e,
      );
      expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(text);
    }
  });
});

describe("A mint whose fate nobody knows", () => {
  const lost = refused(502, "unknown");

  it("is looked up by its name, and what is found is ended", async () => {
    const { events, steps } = scene({ mint: lost, found: [receipt, { ...receipt, id: "id-2" }] });
    await expect(issueToken(steps)).rejects.toBe(lost);
    expect(events).toEqual(["prepare", "keep minting", "mint", `find ${request.name.text}`, "revoke id-1", "revoke id-2", "keep none"]);
  });

  it("stays in doubt if nothing is found: lists lag behind", async () => {
    const { steps } = scene({ mint: lost });
    await expect(issueToken(steps)).rejects.toBe(lost);
    expect(steps.states.at(-1)).toMatchObject({ stage: "minting" });
  });

  it.each([
    ["refused", refused(400)],
    ["not sent", refused(500, "not-sent")],
    ["turned away", refused(401, "refused")],
  ])("is none if it was %s", async (_, error) => {
    const { events, steps } = scene({ mint: error });
    await expect(issueToken(steps)).rejects.toBe(error);
    expect(events).toEqual(["prepare", "keep minting", "mint", "keep none"]);
  });
});

describe("A run that is cancelled", () => {
  it.each(["prepare", "mint", "verify"])("during %s hands nothing out and leaves nothing behind", async (when) => {
    const controller = new AbortController();
    const { events, steps } = scene({ onStep: (step) => void (step === when && controller.abort()) });
    await expect(issueToken({ ...steps, signal: controller.signal })).rejects.toThrow();
    expect(events).not.toContain("deliver");
    if (when === "prepare") expect(events).toEqual(["prepare"]);
    else expect(events).toContain("revoke id-1");
    expect(steps.states.at(-1) ?? { stage: "none" }).toEqual({ stage: "none" });
  });
});

describe("A minted token", () => {
  it("does not show its secret when it is printed", () => {
    const token = new MintedToken(secret, { receipt, username: "token" });
    expect(token.secret).toBe(secret);
    for (const text of [
      JSON.stringify(token),
      inspect(token, { depth: 9, showHidden: true }),
      String(token),
      JSON.stringify({ ...token }),
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});
