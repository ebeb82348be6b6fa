import type { PlainResource, Result } from "../engine";
import type { LoggedRequest } from "../sandbox";
import { Narrator } from "./narrator";
import { type Expectation, Interrupted, Play, Surprise } from "./play";

const urn = "urn:pulumi:dev::demo::pulumi-nodejs:dynamic/oci:Tag::production";
const type = "pulumi-nodejs:dynamic/oci:Tag";
const UPDATE: Result = {
  ok: true,
  steps: [{ op: "update", urn, type, name: "production" }],
  changes: { update: 1 },
  outputs: {},
  diagnostics: [],
  stdout: "the engine's own words\n",
  stderr: "",
};
const REFUSED: Result = { ...UPDATE, ok: false, diagnostics: [{ severity: "error", message: "moved by whom?", urn }] };
const tag = (outputs: Record<string, unknown>): PlainResource => ({ urn, type, custom: true, outputs });
const request = (method: string, api = "oci"): LoggedRequest => ({
  n: 1,
  time: "",
  api,
  method,
  path: "/",
  query: "",
  status: 200,
  headers: {},
});

/** One `up` that ends with `result`, while the state becomes the second one and the servers get these requests. */
function scene(
  result: Result,
  given: { states?: [PlainResource, PlainResource]; requests?: LoggedRequest[]; interruption?: AbortController },
) {
  let text = "";
  const states = given.states?.map((state) => [state]) ?? [];
  const up = async () => {
    given.interruption?.abort();
    return result;
  };
  const stack = { preview: up, up, refresh: up, destroy: up, state: async () => states.shift() ?? [] };
  const control = { requests: () => given.requests ?? [], clearRequests: () => undefined };
  const narrator = new Narrator(
    (line) => {
      text += line;
    },
    (_colour, line) => line,
  );
  const play = new Play({ stack, sandbox: { control } }, narrator, (given.interruption ?? new AbortController()).signal, () => 0);
  return { run: (expected: Expectation) => play.run("up", expected), text: () => text, play };
}

describe("a step of the demo", () => {
  it("tells what changed, and no secret", async () => {
    const states: [PlainResource, PlainResource] = [
      tag({ digest: `sha256:${"1".repeat(64)}`, token: { secret: "first secret" }, same: 1 }),
      tag({ digest: `sha256:${"2".repeat(64)}`, token: { secret: "second secret" }, same: 1 }),
    ];
    const { run, text, play } = scene(UPDATE, { states, requests: [request("GET"), request("PUT"), request("POST", "selectel-identity")] });
    await run({ changes: ["~ oci.Tag production"] });
    expect(text().split("\n")).toEqual([
      "    ~ oci.Tag  production  digest: sha256:11111111… → sha256:22222222…",
      "                           token: [secret] → [another secret]",
      "    0.0 s · 1 read, 1 write",
      "",
    ]);
    expect(play.transcript).toContain("the engine's own words");
  });

  it("marks what was refused, and tells why", async () => {
    const { run, text } = scene(REFUSED, {});
    await run({ changes: ["✗ oci.Tag production"], error: /by whom/ });
    expect(text()).toContain("    ✗ oci.Tag  production\n    error: moved by whom?\n");
  });

  it.each<[string, Result, Expectation, RegExp]>([
    ["does less than is said", UPDATE, { changes: ["~ oci.Tag production", "+ oci.Tag other"] }, /expected ~ oci.Tag production; \+ oci/],
    ["does more than is said", UPDATE, { changes: [] }, /there was ~ oci.Tag production/],
    ["fails", REFUSED, { changes: ["✗ oci.Tag production"] }, /it failed: moved by whom/],
    ["does not fail where it should", UPDATE, { changes: ["~ oci.Tag production"], error: /./ }, /expected to be refused/],
    ["fails with other words", REFUSED, { changes: ["✗ oci.Tag production"], error: /adopt/ }, /expected to say/],
    ["writes where it should only read", UPDATE, { changes: ["~ oci.Tag production"], readsOnly: true }, /1 requests would have changed/],
  ])("ends the demo when it %s", async (_title, result, expected, message) => {
    const surprise = await scene(result, { requests: [request("DELETE")] })
      .run(expected)
      .catch((error: unknown) => error);
    expect(surprise).toBeInstanceOf(Surprise);
    expect(String(surprise)).toMatch(message);
  });

  it("is not judged when somebody interrupts it, and no other one is begun", async () => {
    const { run, text } = scene(REFUSED, { interruption: new AbortController() });
    await expect(run({ changes: [] })).rejects.toThrow(Interrupted);
    await expect(run({ changes: [] })).rejects.toThrow(Interrupted);
    expect(text()).toBe("");
  });
});
