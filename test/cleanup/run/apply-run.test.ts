import { readFileSync } from "node:fs";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { expectRegistry, isFailure } from "../../../provider/cleanup/run/apply-plan";
import { BoundsExceeded } from "../../../provider/cleanup/run/bounds";
import type { Progress } from "../../../provider/cleanup/run/progress";
import { ReportWriter } from "../../../provider/cleanup/run/report-file";
import { globs, ruleOf } from "../arbitraries";
import { image, index, modelNow, type RepositoryState, repository } from "../model";
import { type Behaviour, type Moment, SimulatedRegistry } from "../simulated-registry";
import { folder } from "./plans";
import { apply, contents, plan, unbounded } from "./world";

const path = folder();
const names = ["one", "two", "three", "four"];
const images = names.map((name) => image(name));
const release = image("release");
/** A release, and four previews that go. */
const app = (name: string): RepositoryState =>
  repository([release, ...images], { "v1.0.0": release, ...Object.fromEntries(images.map(({ digest }, n) => [`pr-${n}`, digest])) }, name);
const previews = (policy: Partial<Policy> = {}) => unbounded({ rules: [ruleOf({ tags: globs("pr-*") })], ...policy });

type Hook = (moment: Moment, registry: SimulatedRegistry) => ReturnType<NonNullable<Behaviour["on"]>>;

/** A plan, and then a registry in which the hook is at work while it is applied. */
async function planned(states: readonly RepositoryState[], hook: Hook = () => undefined, behaviour: Behaviour = {}, policy = previews()) {
  let applying = false;
  const on: Behaviour["on"] = (moment, registry) => (applying ? hook(moment, registry) : undefined);
  const registry = new SimulatedRegistry(states, { ...behaviour, on });
  const { plans, file } = await plan(registry, policy, path("plan"));
  applying = true;
  return { registry, plans, file };
}
const outcomes = ({ repositories }: Awaited<ReturnType<typeof apply>>) =>
  repositories.map(({ results }) => results.map(({ outcome }) => outcome));

describe("a plan is applied", () => {
  it("with a report of each deletion, the bytes that it freed, and totals", async () => {
    const { registry, file, plans } = await planned([app("a"), app("b")]);
    const applied = await apply(registry, file);
    expect(applied.report).toEqual({
      planned: expect.objectContaining({ digests: 8 }),
      deleted: 8,
      untagged: 0,
      failed: 0,
      changed: 0,
      bytesFreed: 2 * 4 * 1500,
      problems: [],
      garbageCollections: [],
      interrupted: false,
    });
    expect(isFailure(applied.report)).toBe(false);
    expect(applied.repositories.map(({ repository }) => repository)).toEqual(["a", "b"]);
    expect(applied.repositories[0]).toEqual({
      repository: "a",
      results: plans[0]?.deletions.map((deletion) => ({ deletion, outcome: "deleted", bytes: 1500 })),
      deleted: 4,
      untagged: 0,
      failed: 0,
      changed: 0,
      bytesFreed: 6000,
    });
  });

  it("in the registry that it was made for, and no other", async () => {
    const { file } = await planned([app("a")]);
    for (const other of [{ name: "other.example.com" }, { type: "oci" }]) {
      const registry = new SimulatedRegistry([app("a")], other);
      await expect(apply(registry, file)).rejects.toThrow(
        /it is for registry\.example\.com \(simulated\), and the connection is to \S+ \(\w+\)\. Connect to the registry/,
      );
      expect(registry.asked.size).toBe(0);
    }
    expect(() =>
      expectRegistry({ file, header: { registry: { type: "simulated", name: "x" } } as never }, new SimulatedRegistry([])),
    ).toThrow(/it is for x/);
  });

  it("under the bounds that it was made under", async () => {
    const policy = { ...previews(), bounds: { maxDeletions: 1000, maxDeletionsPercent: 50 } };
    const { registry, file } = await planned([app("a"), repository([release], { latest: release }, "b")], undefined, {}, policy);
    const failure = await apply(registry, file).catch((error) => error);
    expect(failure).toBeInstanceOf(BoundsExceeded);
    expect(failure.message).toMatch(/In a 4 of 5 tagged images would go \(80 %\); max-deletions-percent allows 50 %/);
    expect(registry.count("inventory")).toBe(2);
  });

  it("in the plan's order, in batches of the registry's size", async () => {
    const { registry, file, plans } = await planned([app("a")], undefined, { batchSize: 3 });
    const { report } = await apply(registry, file);
    expect(report.deleted).toBe(4);
    expect(registry.count("delete")).toBe(2);
    expect(registry.deletions.map(({ deletion }) => deletion)).toEqual(plans[0]?.deletions);
  });

  it("with at most four repositories at a time, reported in the plan's order", async () => {
    let now = 0;
    let most = 0;
    const hook: Hook = async (moment) => {
      if (moment.at !== "inventory") return undefined;
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, moment.repository === "app-0" ? 20 : 2));
      now -= 1;
      return undefined;
    };
    const { registry, file } = await planned(
      Array.from({ length: 9 }, (_, n) => app(`app-${n}`)),
      hook,
    );
    const { repositories } = await apply(registry, file, { concurrency: 8 });
    expect(most).toBe(4);
    expect(repositories.map(({ repository }) => repository)).toEqual(Array.from({ length: 9 }, (_, n) => `app-${n}`));
  });
});

describe("what was seen when the plan was made is looked at again", () => {
  const looks = async (milliseconds: number) => {
    const { registry, file } = await planned([app("a")]);
    let time = 0;
    registry.asked.clear();
    const tick = () => {
      time += milliseconds;
      return time;
    };
    const { report } = await apply(registry, file, { now: tick });
    expect(report.deleted).toBe(4);
    return registry.count("inventory");
  };

  it("right before the deletions, once if they are quick", async () => {
    expect(await looks(1000)).toBe(1);
  });

  it("and again before a batch if the last look is older than 30 seconds", async () => {
    expect(await looks(20_000)).toBe(2);
    expect(await looks(31_000)).toBe(4);
  });

  it("so that what is in use again stays, with the reason", async () => {
    const hook: Hook = ({ at, number }, registry) => {
      if (at === "inventory" && number === 1) registry.state("a").tags.set("v2.0.0", images[1]?.digest ?? "");
      return undefined;
    };
    const { registry, file } = await planned([app("a")], hook);
    registry.asked.clear();
    const { report, repositories } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 3, changed: 1, failed: 0, problems: [] });
    expect(isFailure(report)).toBe(false);
    const kept = repositories[0]?.results.filter(({ outcome }) => outcome === "kept");
    expect(kept).toMatchObject([
      { deletion: { digest: images[1]?.digest }, reason: "changed-since-plan", message: expect.stringContaining("v2.0.0"), bytes: 0 },
    ]);
    expect(registry.state("a").manifests.has(images[1]?.digest ?? "")).toBe(true);
  });

  it("also when the adapter notices a change at the last moment", async () => {
    const hook: Hook = (moment, registry) => {
      if (moment.at === "deleting" && moment.number === 2 && moment.deletion.kind === "manifest") {
        registry.state("a").tags.set(moment.deletion.tags[0] ?? "", release.digest);
      }
      return undefined;
    };
    const { registry, file } = await planned([app("a")], hook);
    registry.asked.clear();
    const applied = await apply(registry, file);
    expect(outcomes(applied)).toEqual([["deleted", "kept", "deleted", "deleted"]]);
    expect(applied.report).toMatchObject({ deleted: 3, changed: 1, failed: 0, problems: [] });
    expect(registry.count("inventory")).toBe(2);
  });

  it("with what belongs to it, which has not failed but stays as well", async () => {
    const multi = index("multi", [images[0]?.digest ?? "", images[1]?.digest ?? ""]);
    const state = repository(
      [release, multi, ...images],
      { "v1.0.0": release, "pr-1": multi, "pr-2": images[2] ?? "", "pr-3": images[3] ?? "" },
      "a",
    );
    const hook: Hook = (moment, registry) => {
      if (moment.at === "deleting" && moment.deletion.kind === "manifest" && moment.deletion.digest === multi.digest) {
        registry.state("a").tags.set("pr-1", release.digest);
      }
      return undefined;
    };
    const { registry, file } = await planned([state], hook, { batchSize: 100 });
    const { report } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 2, changed: 3, failed: 0, problems: [] });
    expect(registry.state("a").manifests.size).toBe(4);
  });

  it("however long a look takes", async () => {
    const { registry, file } = await planned([app("a")]);
    let time = 0;
    const ages = () => {
      time += 3_600_000;
      return time;
    };
    expect((await apply(registry, file, { now: ages })).report.deleted).toBe(4);
  });

  it("and what is gone already counts as deleted, whoever did it", async () => {
    const hook: Hook = ({ at }, registry) => {
      if (at === "inventory") registry.states.set("a", repository([release], { "v1.0.0": release }, "a"));
      return undefined;
    };
    const { registry, file } = await planned([app("a")], hook);
    const { report, repositories } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 4, failed: 0, problems: [] });
    expect(repositories[0]?.results[0]?.message).toBe("It was gone already.");
  });

  it.each(["inventory", "delete"] as const)("also if the whole repository is gone at %s", async (when) => {
    const hook: Hook = ({ at }, registry) => {
      if (at === when) registry.states.delete("a");
      return undefined;
    };
    const { registry, file } = await planned([app("a"), app("b")], hook);
    const { report } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 8, failed: 0, problems: [] });
  });
});

describe("a repository that cannot be read afresh", () => {
  it.each(["inventory", "detail"])("(%s) loses nothing, and the run fails", async (at) => {
    const { registry, file } = await planned([app("a"), app("b")], (moment) => {
      if (moment.at === at && "repository" in moment && moment.repository === "a") throw new Error("503 busy");
      return undefined;
    });
    const applied = await apply(registry, file);
    const problem = "Nothing was deleted, because the repository could not be read right before: 503 busy";
    expect(applied.report).toMatchObject({ deleted: 4, failed: 0, changed: 0, problems: [{ repository: "a", problem }] });
    expect(isFailure(applied.report)).toBe(true);
    expect(applied.repositories[0]?.results).toEqual(
      expect.arrayContaining([expect.objectContaining({ outcome: "kept", reason: "unreadable", message: problem })]),
    );
    expect(outcomes(applied)).toEqual([Array(4).fill("kept"), Array(4).fill("deleted")]);
  });

  it("in the middle keeps the rest", async () => {
    let looks = 0;
    const { registry, file } = await planned([app("a")], ({ at }) => {
      if (at === "inventory" && ++looks === 2) throw new Error("503 busy");
      return undefined;
    });
    let time = 0;
    const slow = () => {
      time += 31_000;
      return time;
    };
    const applied = await apply(registry, file, { now: slow });
    expect(outcomes(applied)).toEqual([["deleted", "kept", "kept", "kept"]]);
    expect(applied.report.problems[0]?.problem).toMatch(/^The last 3 of 4 deletions were not tried, because .* 503 busy$/);
    expect(registry.state("a").manifests.size).toBe(4);
  });
});

describe("deletions that fail", () => {
  it("are counted, and the others go on", async () => {
    const { registry, file } = await planned([app("a")], ({ at, number }) => (at === "deleting" && number === 2 ? "fail" : undefined));
    const applied = await apply(registry, file);
    expect(outcomes(applied)).toEqual([["deleted", "failed", "deleted", "deleted"]]);
    expect(applied.report).toMatchObject({ deleted: 3, failed: 1, problems: [] });
    expect(isFailure(applied.report)).toBe(true);
    expect(applied.repositories[0]?.results[1]).toMatchObject({ message: "500 internal error", bytes: 0 });
  });

  it("keep what they would leave in pieces", async () => {
    const inner = index("inner", [images[0]?.digest ?? ""]);
    const outer = index("outer", [inner.digest, images[1]?.digest ?? ""]);
    const state = repository(
      [release, outer, inner, ...images],
      { "v1.0.0": release, "pr-1": outer, "pr-2": images[2] ?? "", "pr-3": images[3] ?? "" },
      "a",
    );
    const { registry, file } = await planned([state], (moment) =>
      moment.at === "deleting" && moment.deletion.kind === "manifest" && moment.deletion.digest === outer.digest ? "fail" : undefined,
    );
    const { report, repositories } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 2, failed: 4 });
    const messages = repositories[0]?.results.filter(({ outcome }) => outcome === "failed").map(({ message }) => message);
    expect(messages).toEqual(["500 internal error", ...Array(3).fill(`Not tried: it is part of ${outer.digest}, which is still there.`)]);
    expect(registry.state("a").manifests.size).toBe(5);
  });

  it("are what a fresh list still shows, whatever the server said", async () => {
    const { registry, file } = await planned([app("a")], ({ at, number }) => (at === "deleting" && number === 3 ? "lie" : undefined));
    const applied = await apply(registry, file);
    expect(outcomes(applied)).toEqual([["deleted", "deleted", "failed", "deleted"]]);
    expect(applied.repositories[0]?.results[2]?.message).toBe("The registry said that it was deleted, but it is still there.");
    expect(applied.report).toMatchObject({ deleted: 3, failed: 1 });
  });

  it("all at once stop the repository; what became of the batch is looked up", async () => {
    let calls = 0;
    const hook: Hook = ({ at }) => {
      if (at === "deleted" && ++calls === 3) throw new Error("403 DENIED");
      return undefined;
    };
    const { registry, file } = await planned([app("a"), app("b")], hook, { batchSize: 2 });
    const applied = await apply(registry, file, { concurrency: 1 });
    expect(outcomes(applied)).toEqual([
      ["deleted", "deleted", "deleted", "failed"],
      ["deleted", "deleted", "deleted", "deleted"],
    ]);
    expect(applied.report).toMatchObject({ deleted: 7, failed: 1, problems: [{ repository: "a", problem: "403 DENIED" }] });
  });

  it("all at once leave untried what comes after", async () => {
    const { registry, file } = await planned([app("a")], ({ at }) => {
      if (at === "delete") throw new Error("403 DENIED");
      return undefined;
    });
    const applied = await apply(registry, file);
    expect(outcomes(applied)).toEqual([["failed", "unattempted", "unattempted", "unattempted"]]);
    expect(applied.repositories[0]?.results[1]?.message).toBe("Not tried: deleting had been stopped.");
  });

  it("may not be known to have failed if the list after them fails: that is a problem", async () => {
    const { registry, file } = await planned([app("a")], ({ at }) => {
      if (at === "listing") throw new Error("500 oops");
      return undefined;
    });
    const { report } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 4, problems: [{ repository: "a", problem: "Its deletions could not be verified: 500 oops" }] });
  });
});

describe("tags", () => {
  const shared = (): RepositoryState =>
    repository([release, image("old")], { "v1.0.0": release, "pr-1": release, "pr-2": image("old") }, "a");

  it("of digests that stay are counted apart, and free nothing", async () => {
    const { registry, file } = await planned([shared()]);
    const { report, repositories } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 1, untagged: 1, bytesFreed: 1500 });
    expect(repositories[0]?.results.find(({ deletion }) => deletion.kind === "tag")).toMatchObject({ outcome: "deleted", bytes: 0 });
    expect([...registry.state("a").tags.keys()]).toEqual(["v1.0.0"]);
  });

  it.each([true, false])("go by way of a placeholder only where the plan allows it: %s", async (allowPlaceholderUntag) => {
    const policy = previews({ allowPlaceholderUntag });
    const { registry, file } = await planned([shared()], undefined, { support: { tag: "placeholder" } }, policy);
    const { report } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 1, untagged: allowPlaceholderUntag ? 1 : 0, failed: 0 });
  });
});

describe("an interruption", () => {
  it("ends the run after the request in flight, with a complete report", async () => {
    const stop = new AbortController();
    const hook: Hook = ({ at, number }) => {
      if (at === "deleting" && number === 6) stop.abort();
      return undefined;
    };
    const { registry, file } = await planned([app("a/x"), app("b/x"), app("c/x")], hook, { garbage: true, batchSize: 3 });
    const applied = await apply(registry, file, { signal: stop.signal, concurrency: 1 });
    expect(outcomes(applied)).toEqual([
      ["deleted", "deleted", "deleted", "deleted"],
      ["deleted", "deleted", "unattempted", "unattempted"],
      Array(4).fill("unattempted"),
    ]);
    expect(applied.report).toMatchObject({ deleted: 6, failed: 0, problems: [], garbageCollections: [], interrupted: true });
    expect(isFailure(applied.report)).toBe(true);
    // No list to prove the second, no look at the third.
    expect(registry.count("listing")).toBe(1);
    expect(registry.collected).toEqual([]);
  });

  it("before the first deletion leaves everything as it is", async () => {
    const { registry, file } = await planned([app("a"), app("b")]);
    const before = contents(registry);
    registry.asked.clear();
    const { report, repositories } = await apply(registry, file, { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ deleted: 0, interrupted: true, problems: [] });
    expect(repositories).toHaveLength(2);
    expect(registry.asked.size).toBe(0);
    expect(contents(registry)).toEqual(before);
  });

  it.each(["inventory", "detail", "listing"])("at %s is no problem of the repository", async (at) => {
    const stop = new AbortController();
    const hook: Hook = (moment) => {
      if (moment.at !== at) return undefined;
      stop.abort();
      throw new Error("aborted");
    };
    const { registry, file } = await planned([app("a")], hook);
    const { report } = await apply(registry, file, { signal: stop.signal });
    expect(report).toMatchObject({ deleted: at === "listing" ? 4 : 0, failed: 0, problems: [], interrupted: true });
  });

  it("that makes an adapter throw leaves open what became of its batch", async () => {
    const stop = new AbortController();
    const hook: Hook = ({ at, number }) => {
      if (at !== "deleted" || number < 5) return undefined;
      stop.abort();
      throw new Error("aborted");
    };
    const { registry, file } = await planned([app("a"), app("b")], hook, { batchSize: 2 });
    const applied = await apply(registry, file, { signal: stop.signal, concurrency: 1 });
    expect(outcomes(applied)).toEqual([Array(4).fill("deleted"), Array(4).fill("unattempted")]);
    expect(applied.repositories[1]?.results.map(({ message }) => message)).toEqual([
      ...Array(2).fill("The run was interrupted meanwhile: it may be gone."),
      undefined,
      undefined,
    ]);
    expect(applied.report).toMatchObject({ problems: [], interrupted: true });
  });
});

describe("garbage", () => {
  it("is collected once in each scope that lost something", async () => {
    const { registry, file } = await planned([app("a/x"), app("a/y"), repository([release], { latest: release }, "b/x")], undefined, {
      garbage: true,
    });
    expect((await apply(registry, file)).report.garbageCollections).toEqual([{ scope: "a" }]);
    expect(registry.collected).toEqual(["a"]);
  });

  it.each([
    ["true", ["a", "b"]],
    ["false", []],
  ] as const)("run-gc %s", async (runGc, collected) => {
    const { registry, file } = await planned([app("a/x"), repository([release], { latest: release }, "b/x")], undefined, { garbage: true });
    await apply(registry, file, { runGc });
    expect(registry.collected).toEqual(collected);
  });

  it("that cannot be collected fails the run", async () => {
    const hook: Hook = ({ at }) => {
      if (at === "collect") throw new Error("409");
      return undefined;
    };
    const { registry, file } = await planned([app("a/x")], hook, { garbage: true });
    const { report } = await apply(registry, file);
    expect(report.garbageCollections).toEqual([{ scope: "a", problem: "Its garbage could not be collected: 409" }]);
    expect(isFailure(report)).toBe(true);
  });
});

describe("the report", () => {
  it("is written while the run goes on: what is about to go, then what became of it", async () => {
    let killed = "";
    const hook: Hook = ({ at, number }) => {
      if (at === "deleting" && number === 3) killed = readFileSync(`${path("plan")}.report`, "utf8");
      return undefined;
    };
    const { registry, file, plans } = await planned([app("a")], hook);
    await apply(registry, file);
    const [one, two, three] = plans[0]?.deletions ?? [];
    expect(
      killed
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({
        report: 1,
        registry: { type: "simulated", name: "registry.example.com" },
        plan: expect.stringMatching(/^sha256:/),
        startedAt: "2026-11-15T12:00:00.000Z",
      }),
      { journal: "a", deleting: [one] },
      { journal: "a", outcomes: ["deleted"] },
      { journal: "a", deleting: [two] },
      { journal: "a", outcomes: ["deleted"] },
      { journal: "a", deleting: [three] },
    ]);
  });

  it("ends with the totals", async () => {
    const { registry, file } = await planned([app("a")]);
    const { report } = await apply(registry, file);
    const lines = readFileSync(`${file}.report`, "utf8").trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ end: true, ...report });
  });

  it("names what could not be planned, too", async () => {
    let planning = true;
    const on: Behaviour["on"] = (moment) => {
      if (planning && moment.at === "inventory" && moment.repository === "b") throw new Error("500 oops");
      return undefined;
    };
    const registry = new SimulatedRegistry([app("a"), app("b")], { on });
    const { file } = await plan(registry, previews(), path("half"));
    planning = false;
    const { report } = await apply(registry, file);
    expect(report).toMatchObject({ deleted: 4, problems: [{ repository: "b", problem: "500 oops" }] });
    expect(registry.state("b").manifests.size).toBe(5);
  });

  it("that cannot be written any more stops the deletions, and the run fails", async () => {
    const { registry, file } = await planned([app("a"), app("b")], ({ at, number }) =>
      at === "deleting" && number === 2 ? breakReports() : undefined,
    );
    const write = ReportWriter.prototype.write;
    let broken = false;
    const breakReports = () => {
      broken = true;
      return undefined;
    };
    const spy = jest.spyOn(ReportWriter.prototype, "write").mockImplementation(function (this: ReportWriter, line) {
      return broken ? Promise.reject(new Error("ENOSPC")) : write.call(this, line);
    });
    try {
      const { report } = await apply(registry, file, { concurrency: 1 });
      expect(report).toMatchObject({ deleted: 2, failed: 0 });
      expect(report.problems).toEqual([
        { repository: "a", problem: "ENOSPC" },
        { repository: "(report)", problem: "It could not be written: ENOSPC" },
        { repository: "b", problem: "ENOSPC" },
      ]);
      expect(registry.deletions).toHaveLength(2);
    } finally {
      spy.mockRestore();
    }
  });

  it("that cannot be begun stops everything", async () => {
    const { registry, file } = await planned([app("a")]);
    await expect(apply(registry, file, { reportFile: path(".") })).rejects.toThrow(/EISDIR/);
    expect(registry.count("delete")).toBe(0);
  });
});

it("a run that applies tells how far it is", async () => {
  const events: Progress[] = [];
  const { registry, file } = await planned([app("a/x"), app("b/x")], undefined, { batchSize: 3, garbage: true });
  await apply(registry, file, { concurrency: 1, onProgress: (event) => events.push(event), now: () => modelNow });
  expect(events).toEqual([
    { kind: "deleting", repository: "a/x", done: 3, total: 4, allDone: 3, allTotal: 8 },
    { kind: "deleting", repository: "a/x", done: 4, total: 4, allDone: 4, allTotal: 8 },
    { kind: "applied", repository: "a/x", done: 1, total: 2 },
    { kind: "deleting", repository: "b/x", done: 3, total: 4, allDone: 7, allTotal: 8 },
    { kind: "deleting", repository: "b/x", done: 4, total: 4, allDone: 8, allTotal: 8 },
    { kind: "applied", repository: "b/x", done: 2, total: 2 },
    { kind: "garbage-collection", scope: "a", line: "begins" },
    { kind: "garbage-collection", scope: "a", line: "runs" },
    { kind: "garbage-collection", scope: "b", line: "begins" },
    { kind: "garbage-collection", scope: "b", line: "runs" },
  ]);
});
