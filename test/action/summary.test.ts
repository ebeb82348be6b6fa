import * as fc from "fast-check";
import { commentForm, failureSummary, Summary, type SummaryForm, summaryForm } from "../../action/cleanup/summary";
import type { RepositoryPlan } from "../../provider/cleanup/plan/plan";
import type { RepositoryReport } from "../../provider/cleanup/run/report";
import { endOf, header, reportOf, repositoryPlan, runOf } from "./plans";

interface Page {
  readonly plans: readonly RepositoryPlan[];
  readonly reports?: readonly RepositoryReport[];
  readonly failures?: readonly string[];
  readonly warnings?: readonly string[];
  readonly form?: SummaryForm;
}

function page({ plans, reports, failures = [], warnings = [], form = summaryForm }: Page): string {
  const run = reports ? { run: runOf(plans, reports), dryRun: false } : { dryRun: true };
  const summary = new Summary({ header, end: endOf(plans), ...run, failures, warnings, more: "The plan: <code>plan.jsonl</code>" }, form);
  for (const plan of plans)
    summary.add(
      plan,
      reports?.find(({ repository }) => repository === plan.repository),
    );
  return summary.render();
}

const tags = (count: number, name = "tag") => Array.from({ length: count }, (_, at) => `${name}-${at}`);

describe("the summary of a dry run", () => {
  it("says what would go, what stays and why, and that nothing was deleted", () => {
    const plan = repositoryPlan({ gone: ["pr-1", "pr-2"], kept: ["v1"] });
    const blocked: RepositoryPlan = {
      ...repositoryPlan({ repository: "team/other", kept: ["v2"] }),
      warnings: ["its tags are odd"],
      dangling: [{ tag: "lost", action: "keep", reason: { code: "dangling", text: "points to nothing", blocked: true } }],
    };
    expect(page({ plans: [plan, blocked], warnings: ["a pattern matches nothing"] })).toMatchSnapshot();
  });

  it("says that nothing would be deleted", () => {
    const text = page({ plans: [repositoryPlan({ kept: ["v1"] })] });
    expect(text).toContain("## Dry run: nothing would be deleted");
    expect(text).not.toContain("What would go");
  });

  it("is no dry run if a bound stopped it", () => {
    const plan = repositoryPlan({ gone: ["a"] });
    const text = new Summary(
      { header, end: endOf([plan]), dryRun: false, failures: ["too many"], warnings: [], more: "" },
      summaryForm,
    ).render();
    expect(text).toContain("## Cleanup stopped before the first deletion: would delete 1 digest");
    expect(text).not.toContain("dry-run");
  });

  it("draws no chart of nothing", () => {
    expect(page({ plans: [repositoryPlan()] })).not.toContain("mermaid");
  });
});

describe("the summary of a run", () => {
  it("says of each deletion what became of it", () => {
    const plan = repositoryPlan({ gone: ["gone", "broken", "moved", "late"], kept: ["v1"] });
    const report = reportOf(plan, { broken: "failed", moved: "kept", late: "unattempted" });
    expect(page({ plans: [plan], reports: [report], failures: ["1 deletion failed; the report says which and why."] })).toMatchSnapshot();
  });

  it("shows deletions that were not come to as not attempted", () => {
    const plans = [repositoryPlan({ repository: "a", gone: ["one"] }), repositoryPlan({ repository: "b", gone: ["two"] })];
    const text = page({ plans, reports: plans.slice(0, 1).map((plan) => reportOf(plan)) });
    expect(text.match(/\| gone \|/g)).toHaveLength(1);
    expect(text.match(/\| not attempted \|/g)).toHaveLength(1);
  });
});

describe("the size of a summary", () => {
  const many = Array.from({ length: 1_500 }, (_, at) =>
    repositoryPlan({ repository: `team/app-${at}`, gone: tags(20, "pr"), kept: tags(20, "v") }),
  );

  it("stays below what GitHub takes, fills it, and says what was left out", () => {
    const text = page({ plans: many });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(summaryForm.limit);
    expect(Buffer.byteLength(text)).toBeGreaterThan(summaryForm.limit * 0.97);
    expect(text).toMatch(/_[\d,]+ more repositories do not fit here\._/);
    expect(text).toContain("plan.jsonl");
  });

  it("of a comment, too", () => {
    const text = page({ plans: many, form: commentForm });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).not.toContain("What stays");
    expect(text).toContain("What would go");
  });

  it("shows the first of very many images of one repository", () => {
    const text = page({ plans: [repositoryPlan({ gone: tags(5_000) })] });
    expect(text).toContain("… and 4,500 more; the plan has all of them.");
    expect(page({ plans: [repositoryPlan({ gone: tags(5_000) })], form: commentForm })).toContain("… and 4,950 more");
  });

  it("leaves room for a comparison, which comes before all lists", () => {
    const compared = "x".repeat(commentForm.limit / 3);
    const facts = {
      header,
      end: endOf(many),
      dryRun: true,
      failures: tags(1_000, "a failure with quite some text"),
      warnings: [],
      more: "",
    };
    const summary = new Summary({ ...facts, compared }, commentForm);
    for (const plan of many) summary.add(plan, undefined);
    const text = summary.render();
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(commentForm.limit);
    expect(text.indexOf(compared)).toBeLessThan(text.indexOf("| repository |"));
    expect(text).toContain("What would go");
  });

  it("leaves room for failures without end", () => {
    const failures = tags(20_000, "a failure with quite some text");
    const text = page({ plans: many, failures, warnings: failures });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(summaryForm.limit);
    expect(text).toContain("What would go");
    expect(Buffer.byteLength(failureSummary("no", failures))).toBeLessThanOrEqual(commentForm.limit);
  });

  it("holds for any names, in bytes", () => {
    const name = fc.string({ unit: "grapheme", maxLength: 200 });
    const plans = fc.array(fc.record({ repository: name, gone: fc.array(name), kept: fc.array(name), reason: name }), { maxLength: 20 });
    fc.assert(
      fc.property(plans, fc.integer({ min: 4_000, max: 20_000 }), (given, limit) => {
        const text = page({ plans: given.map(repositoryPlan), form: { ...summaryForm, limit } });
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 30 },
    );
  });
});

describe("names of a registry in a summary", () => {
  it("add no element, no cell and no line to it", () => {
    const nasty = fc.string({
      unit: fc.constantFrom("<", ">", "|", "`", "\n", "\r", "@", "#", "-", " ", "a", "\\", "&", "*"),
      minLength: 1,
      maxLength: 12,
    });
    const shape = (text: string) => ({
      elements: (text.match(/<[^>]*>/g) ?? []).sort(),
      rows: text.split("\n").map((line) => line.split("|").length),
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (repository, tag, reason) => {
        const plain = page({ plans: [repositoryPlan({ repository: "a", gone: ["b"], kept: ["c"], reason: "d" })] });
        const odd = page({ plans: [repositoryPlan({ repository, gone: [tag], kept: [`${tag}c`], reason })] });
        expect(shape(odd)).toEqual(shape(plain));
      }),
      { numRuns: 60 },
    );
  });
});
