import { collectAfter, collectGarbage } from "../../../provider/cleanup/run/garbage";
import type { Progress } from "../../../provider/cleanup/run/progress";
import { repository } from "../model";
import { type Behaviour, SimulatedRegistry } from "../simulated-registry";

const registryOf = (behaviour: Behaviour = { garbage: true }) =>
  new SimulatedRegistry(
    ["one/a", "one/b", "two/a", "three/a"].map((name) => repository([], {}, name)),
    behaviour,
  );
const runs = { visited: ["one/a", "one/b", "two/a"], lost: ["one/b", "one/a"] };

describe("garbage is collected", () => {
  it.each([
    ["auto", ["one"]],
    ["true", ["one", "two"]],
    ["false", []],
  ] as const)("run-gc %s: once in each scope that lost something, or that the run visited", async (when, scopes) => {
    const registry = registryOf();
    expect(await collectAfter(registry, when, runs, {})).toEqual(scopes.map((scope) => ({ scope })));
    expect(registry.collected).toEqual(scopes);
  });

  it.each([
    ["auto", []],
    ["true", ["one", "two"]],
  ] as const)("run-gc %s, where that hinders everybody: only if somebody asked for it", async (when, scopes) => {
    const registry = registryOf({ garbage: "hinders" });
    expect(await collectAfter(registry, when, runs, {})).toEqual(scopes.map((scope) => ({ scope })));
    expect(registry.collected).toEqual(scopes);
  });

  it("by nobody where the registry has no API for it", async () => {
    expect(await collectAfter(registryOf({}), "true", runs, {})).toEqual([]);
  });

  it("in the other scopes, too, after a failure", async () => {
    const registry = registryOf({
      garbage: true,
      on: (moment) => {
        if (moment.at === "collect" && moment.scope === "one") throw new Error("409 Conflict");
        return undefined;
      },
    });
    expect(await collectAfter(registry, "true", runs, {})).toEqual([
      { scope: "one", problem: "Its garbage could not be collected: 409 Conflict" },
      { scope: "two" },
    ]);
  });

  it("no longer after an interruption", async () => {
    const stop = new AbortController();
    const registry = registryOf({
      garbage: true,
      on: ({ at }) => {
        if (at === "collect") stop.abort();
        return undefined;
      },
    });
    expect(await collectAfter(registry, "true", runs, { signal: stop.signal })).toEqual([
      { scope: "one" },
      { scope: "two", problem: "The run was interrupted before its garbage was collected." },
    ]);
    expect(registry.collected).toEqual(["one"]);
  });

  it("and whoever waits is told", async () => {
    const events: Progress[] = [];
    await collectAfter(registryOf(), "auto", runs, { onProgress: (event) => events.push(event) });
    expect(events).toEqual([
      { kind: "garbage-collection", scope: "one", line: "begins" },
      { kind: "garbage-collection", scope: "one", line: "runs" },
    ]);
  });
});

describe("a garbage collection and nothing else", () => {
  it.each([
    [undefined, ["one", "three", "two"]],
    [["**"], ["one", "three", "two"]],
    [
      ["one/*", "three/a"],
      ["one", "three"],
    ],
    [["!one/**"], ["three", "two"]],
    [["four/a"], ["four"]],
  ])("of the scopes that hold the repositories %j", async (repositories, scopes) => {
    const registry = registryOf();
    expect(await collectGarbage({ registry, repositories })).toEqual(scopes.map((scope) => ({ scope })));
  });

  it("is an error where the registry has no API for it", async () => {
    await expect(collectGarbage({ registry: registryOf({}) })).rejects.toThrow(/of the type simulated have no API for garbage collection/);
  });
});
