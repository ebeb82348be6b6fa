import { bytes } from "../../action/cleanup/bytes";
import { verdict } from "../../action/cleanup/failures";
import { PlanLog } from "../../action/cleanup/plan-log";
import { progressLines } from "../../action/cleanup/progress-lines";
import { Reports } from "../../action/cleanup/reports";
import { textTable } from "../../action/cleanup/text-table";
import { Log } from "../../action/log";
import { noCounts } from "../../provider/cleanup/plan/counts";
import type { RepositoryReport } from "../../provider/cleanup/run/report";
import { reportOf, repositoryPlan } from "./plans";

function recorded() {
  const lines: string[] = [];
  const say = (kind: string) => (text: string) => void lines.push(`${kind}${text}`);
  const workflow = {
    info: say(""),
    warning: say("::warning::"),
    error: say("::error::"),
    startGroup: say("::group::"),
    endGroup: () => void lines.push("::endgroup::"),
  };
  return { lines, log: new Log(workflow, (text) => text.replaceAll("secret", "***")) };
}

describe("the log", () => {
  it("makes ten annotations of a kind, and plain lines of the rest", () => {
    const { lines, log } = recorded();
    for (let at = 0; at < 12; at++) log.warning(`warning ${at}`);
    log.error("an error");
    expect(lines.filter((line) => line.startsWith("::warning::"))).toHaveLength(10);
    expect(lines.slice(10)).toEqual(["Warning: warning 10", "Warning: warning 11", "::error::an error"]);
  });

  it("says the same once", () => {
    const { lines, log } = recorded();
    for (const text of ["a", "b", "a"]) log.error(text);
    expect(lines).toEqual(["::error::a", "::error::b"]);
  });

  it("takes out secrets and workflow commands wherever text comes from", () => {
    const { lines, log } = recorded();
    log.info("::error::a secret");
    log.warning("a\n::error::secret");
    log.group("##[x]secret", ["::x::", "secret"]);
    expect(lines).toEqual([": :error::a ***", "::warning::a ::error::***", "::group::## [x]***", ": :x::", "***", "::endgroup::"]);
  });

  it("folds lists, leaves empty ones out, and counts what is too much", () => {
    const { lines, log } = recorded();
    log.group("empty", []);
    log.group(
      "long",
      Array.from({ length: 1_200 }, (_, at) => `${at}`),
      5_000,
    );
    expect(lines).toHaveLength(1_003);
    expect(lines.at(-2)).toBe("… and 4000 more");
  });
});

describe("the plan in the log", () => {
  it("ends with a table that has a row for each of the first repositories, and a sum", () => {
    const { lines, log } = recorded();
    const planLog = new PlanLog(log, false);
    for (let at = 0; at < 250; at++) planLog.add(repositoryPlan({ repository: `r${at}`, gone: ["a"] }), undefined);
    planLog.finish({ ...noCounts, digests: 250, roots: 250 }, undefined);
    expect(lines.at(-1)).toBe("50 more repositories are in the plan.");
    expect(lines.at(-2)).toMatch(/^all +0 +250 +250 /);
    expect(lines.filter((line) => /^r\d+ /.test(line))).toHaveLength(200);
  });

  it("names the deletions that failed, up to a hundred", () => {
    const { lines, log } = recorded();
    const planLog = new PlanLog(log, true);
    const tags = Array.from({ length: 120 }, (_, at) => `t${at}`);
    const plan = repositoryPlan({ gone: tags });
    planLog.add(plan, reportOf(plan, Object.fromEntries(tags.map((tag) => [tag, "failed"]))));
    expect(
      lines.filter((line) => /^(::error::|Error: )team\/app: sha256:\w{12} t\d+ could not be deleted: the server said no$/.test(line)),
    ).toHaveLength(100);
  });
});

describe("progress", () => {
  it("is said every ten seconds at most, and its end is not missed where it matters", () => {
    let now = 0;
    const lines: string[] = [];
    const onProgress = progressLines(
      (line) => lines.push(line),
      () => now,
    );
    onProgress({ kind: "selected", repositories: 2_000 });
    for (let done = 1; done <= 2_000; done++) {
      now += 100;
      onProgress({ kind: "planned", repository: `r${done}`, done, total: 2_000, tags: done * 500, deletions: 1 });
    }
    onProgress({ kind: "garbage-collection", scope: "team", line: "begins" });
    expect(lines).toHaveLength(22);
    expect(lines[0]).toBe("Reading 2,000 repositories.");
    expect(lines[1]).toBe("100 of 2,000 repositories read, 50,000 tags; last: r100");
    expect(lines.at(-1)).toBe("Garbage collection of team: begins");
  });
});

describe("a table for the log", () => {
  it("has columns of one width, numbers at the right", () => {
    expect(
      textTable([
        ["repository", "go"],
        ["a", "1,000"],
      ]),
    ).toEqual(["repository     go", "a           1,000"]);
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [1_449_000, "1.4 MB"],
    [99_960, "100 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [5e12, "5.0 TB"],
  ])("%d are %s", (count, text) => {
    expect(bytes(count)).toBe(text);
  });
});

describe("the verdict", () => {
  const planned = { digests: 1, untagged: 0, blocked: 1 };
  const quiet = { digests: 0, untagged: 0, blocked: 0 };
  it.each([
    ["error", true, 0, planned, true],
    ["error", false, 1, planned, false],
    ["blocked", false, 0, planned, true],
    ["blocked", false, 1, quiet, true],
    ["blocked", false, 0, quiet, false],
    ["blocked", true, 0, undefined, true],
    ["changes", false, 0, planned, true],
    ["changes", false, 0, { ...quiet, untagged: 1 }, true],
    ["changes", false, 0, { ...quiet, blocked: 1 }, false],
    ["never", true, 1, planned, false],
  ] as const)("with fail-on %s, failed: %s, changed: %s of %j is %s", (failOn, failed, changed, counts, fails) => {
    expect(verdict(failOn, { failed, changed, planned: counts }).fails).toBe(fails);
  });
});

describe("reports", () => {
  async function* list(names: readonly string[]): AsyncGenerator<RepositoryReport> {
    for (const repository of names) yield reportOf(repositoryPlan({ repository }));
  }

  it("are found in the order of names, whichever repositories have one", async () => {
    const reports = new Reports(list(["b", "d"]));
    const found: (string | undefined)[] = [];
    for (const name of ["a", "b", "c", "d", "e"]) found.push((await reports.of(name))?.repository);
    expect(found).toEqual([undefined, "b", undefined, "d", undefined]);
    await reports.close();
  });
});
