import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "../../../provider/cleanup/policy/policy";
import { Interrupted } from "../../../provider/cleanup/run/problem";
import type { Progress } from "../../../provider/cleanup/run/progress";
import { makePlan } from "../../../provider/cleanup/run/write-plan";
import { globs, ruleOf } from "../arbitraries";
import { day, image, index, modelNow, repository } from "../model";
import { type Behaviour, SimulatedRegistry } from "../simulated-registry";
import { folder } from "./plans";
import { plan, unbounded } from "./world";

const path = folder();
const [release, preview, old] = [image("release", { age: 40 }), image("preview", { age: 50 }), image("old")];
const app = (name: string) => repository([release, preview, old], { "v1.0.0": release, "pr-1": preview, "pr-2": old }, name);
const previews = (policy: Partial<Policy> = {}) => unbounded({ rules: [ruleOf({ tags: globs("pr-*") })], ...policy });
const failing = (at: string, of: string, message = "500 oops"): Behaviour["on"] => {
  return (moment) => {
    if (moment.at === at && "repository" in moment && moment.repository === of) throw new Error(message);
    return undefined;
  };
};

describe("a plan", () => {
  it("has every repository, sorted by name, and says what it was made under", async () => {
    const registry = new SimulatedRegistry([app("b"), app("a")]);
    const { summary, plans } = await plan(registry, previews({ minKeep: 1, allowPlaceholderUntag: true }), path("plan"), {
      shard: { index: 1, count: 1 },
    });
    expect(summary.header).toEqual({
      plan: 1,
      registry: { type: "simulated", name: "registry.example.com" },
      createdAt: "2026-11-15T12:00:00.000Z",
      bounds: { maxDeletions: 1_000_000, maxDeletionsPercent: 100 },
      minKeep: 1,
      minAge: 86_400_000,
      allowPlaceholderUntag: true,
      shard: "1/1",
    });
    expect(plans.map(({ repository, counts }) => [repository, counts.roots, counts.kept])).toEqual([
      ["a", 2, 1],
      ["b", 2, 1],
    ]);
    expect(summary.end).toMatchObject({ repositories: 2, problems: 0, counts: { roots: 4, kept: 2, taggedRoots: 6 } });
    expect(summary).toMatchObject({ planFile: path("plan"), problems: [], warnings: [], bounds: { excesses: [], more: 0 } });
    expect(summary).not.toHaveProperty("unanswered");
  });

  it("is the same as data", async () => {
    const registry = new SimulatedRegistry([app("b"), app("a")]);
    const { summary, plans } = await plan(registry, previews(), path("plan"));
    const { end, planFile: _, plan: __, ...findings } = summary;
    expect(await makePlan({ registry, policy: previews(), now: () => modelNow })).toEqual({
      repositories: plans,
      counts: end.counts,
      ...findings,
    });
  });

  it("is refused before anything is asked if the policy makes no sense", async () => {
    const registry = new SimulatedRegistry([app("a")]);
    await expect(plan(registry, previews({ rules: [ruleOf({ tags: globs("[") })] }), path("nonsense"))).rejects.toThrow(/rules\[0\]/);
    await expect(
      plan(registry, { ...previews(), bounds: { maxDeletions: Number.NaN, maxDeletionsPercent: 50 } }, path("nonsense")),
    ).rejects.toThrow(/max-deletions/);
    expect(registry.asked.size).toBe(0);
  });
});

describe("a repository that cannot be planned", () => {
  it.each(["inventory", "detail", "deletion"])("because %s fails, is a problem of its own, without secrets, on one line", async (at) => {
    const registry = new SimulatedRegistry(["a", "b", "c"].map(app), {
      on: failing(at, "b", "GET https://user:secret@host/x: 500\n::error::boo"),
    });
    const { summary, plans } = await plan(registry, previews({ rules: [ruleOf({ tags: globs("pr-*"), keepNewest: 1 })] }), path("plan"));
    const problem = "GET https://***@host/x: 500 ::error::boo";
    expect(summary.problems).toEqual([{ repository: "b", problem }]);
    expect(plans).toMatchObject([
      { counts: { roots: 1 } },
      { repository: "b", problem, deletions: [], images: [] },
      { counts: { roots: 1 } },
    ]);
    expect(summary.end).toMatchObject({ repositories: 3, problems: 1 });
  });

  it("is empty if it is listed and not known", async () => {
    const registry = new SimulatedRegistry([app("a"), app("b")], {
      on: ({ at }, { states }) => {
        if (at === "inventory") states.delete("b");
        return undefined;
      },
    });
    const { summary, plans } = await plan(registry, previews(), path("plan"), { concurrency: 1 });
    expect(summary.problems).toEqual([]);
    expect(plans[1]).toMatchObject({ repository: "b", images: [] });
  });

  it("does not exist, and somebody named it", async () => {
    const { summary } = await plan(new SimulatedRegistry([app("a")]), previews({ repositories: ["a", "team/tpyo"] }), path("plan"));
    expect(summary.problems).toEqual([
      { repository: "team/tpyo", problem: "There is no repository team/tpyo. Correct its name in repositories, or take it out." },
    ]);
  });
});

describe("a registry is asked no more than the policy needs", () => {
  const asked = async (policy: Policy) => {
    const registry = new SimulatedRegistry([app("a")]);
    await plan(registry, policy, path("plan"));
    return ["inventory", "detail", "deletion", "listing", "delete"].map((at) => registry.count(at as "inventory")).join(" ");
  };

  it.each([
    ["nothing is a candidate", previews({ rules: [ruleOf({ tags: globs("nightly-*") })] }), "1 0 0 0 0"],
    ["something goes", previews(), "1 1 1 0 0"],
    ["candidates, but nothing goes", previews({ rules: [ruleOf({ tags: globs("pr-*"), keepNewest: 2 })] }), "1 1 0 0 0"],
  ])("if %s", async (_, policy, calls) => {
    expect(await asked(policy)).toBe(calls);
  });

  it.each([
    [60, 1, 2],
    [200, 0, 1],
  ])("again only if the answers raise further questions: previews older than %d days", async (days, roots, details) => {
    // Which roots are the newest of all matters only once it is known that one goes.
    const policy = previews({ rules: [ruleOf({ tags: globs("pr-*"), olderThan: { ago: days * day } })], minAge: 0, minKeep: 1 });
    const registry = new SimulatedRegistry([app("a")]);
    const { plans } = await plan(registry, policy, path("plan"));
    expect(plans[0]?.counts.roots).toBe(roots);
    expect(registry.count("detail")).toBe(details);
  });
});

describe("source control is asked between inventory and plan", () => {
  const policy = previews({ rules: [ruleOf({ pullRequestTags: "pr-{number}" })] });

  it("once for all repositories", async () => {
    const asked: (readonly number[])[] = [];
    const answers = {
      pullRequests: async (numbers: readonly number[]) => {
        asked.push(numbers);
        return new Map([
          [1, "closed" as const],
          [2, "open" as const],
        ]);
      },
      branches: async () => undefined,
    };
    const { plans, summary } = await plan(new SimulatedRegistry([app("a"), app("b")]), policy, path("plan"), { answers });
    expect(asked.flat().sort()).toEqual([1, 2]);
    expect(plans.map(({ deletions }) => deletions)).toEqual(
      [1, 2].map(() => [{ kind: "manifest", digest: preview.digest, tags: ["pr-1"] }]),
    );
    expect(summary).not.toHaveProperty("unanswered");
  });

  it("and what it does not tell stays, and is said", async () => {
    const { plans, summary } = await plan(new SimulatedRegistry([app("a")]), policy, path("plan"));
    expect(plans[0]?.deletions).toEqual([]);
    expect(summary.unanswered).toBe("Source control did not tell the state of pull requests 1, 2: the tags of these stay.");
  });
});

describe("a run that plans", () => {
  it("tells how far it is", async () => {
    const events: Progress[] = [];
    const registry = new SimulatedRegistry(["a", "b"].map(app), { on: failing("inventory", "b") });
    await plan(registry, previews(), path("plan"), { concurrency: 1, onProgress: (event) => events.push(event) });
    expect(events).toEqual([
      { kind: "selected", repositories: 2 },
      { kind: "planned", repository: "a", done: 1, total: 2, tags: 3, deletions: 2 },
      { kind: "planned", repository: "b", done: 2, total: 2, tags: 3, deletions: 0, problem: "500 oops" },
    ]);
  });

  it("logs what is odd about the whole", async () => {
    const lines: string[] = [];
    const { summary } = await plan(new SimulatedRegistry([]), previews(), path("plan"), { log: (line) => lines.push(line) });
    expect(lines).toEqual(["No repository of registry.example.com matches **."]);
    expect(summary.warnings).toEqual(lines);
  });

  it("holds at most as many repositories as may be worked on at a time", async () => {
    let now = 0;
    let most = 0;
    const on: Behaviour["on"] = async ({ at }) => {
      if (at !== "inventory") return undefined;
      now += 1;
      most = Math.max(most, now);
      for (let tick = 0; tick < 50; tick++) await null;
      now -= 1;
      return undefined;
    };
    const registry = new SimulatedRegistry(
      Array.from({ length: 20 }, (_, n) => app(`app-${n}`)),
      { on },
    );
    await plan(registry, previews(), path("plan"), { concurrency: 3 });
    expect(most).toBe(3);
  });

  it.each(["repositories", "inventory", "detail", "deletion"])("leaves no plan when it is interrupted at %s", async (at) => {
    const stop = new AbortController();
    const registry = new SimulatedRegistry(["a", "b", "c"].map(app), {
      on: (moment) => {
        if (moment.at === at) stop.abort();
        return undefined;
      },
    });
    const file = path(`interrupted-${at}/plan`);
    await expect(plan(registry, previews(), file, { signal: stop.signal, concurrency: 1 })).rejects.toThrow(Interrupted);
    expect(registry.count("inventory")).toBeLessThanOrEqual(1);
    expect(at === "repositories" ? [] : readdirSync(join(file, ".."))).toEqual([]);
  });

  it("leaves no plan when the registry cannot list its repositories", async () => {
    const registry = new SimulatedRegistry([app("a")], {
      on: ({ at }) => {
        if (at === "repositories") throw new Error("403 DENIED");
        return undefined;
      },
    });
    await expect(plan(registry, previews(), path("forbidden"))).rejects.toThrow("403 DENIED");
    expect(readdirSync(path("."))).not.toContain("forbidden");
  });
});

it("an index and its children count as one", async () => {
  const multi = index("multi", [preview.digest, old.digest]);
  const state = repository([release, preview, old, multi], { "v1.0.0": release, "pr-1": multi }, "a");
  const { summary } = await plan(
    new SimulatedRegistry([state]),
    { ...previews(), bounds: { maxDeletions: 1, maxDeletionsPercent: 50 } },
    path("plan"),
  );
  expect(summary.end.counts).toMatchObject({ roots: 1, digests: 3 });
  expect(summary.bounds.excesses).toEqual([]);
});
