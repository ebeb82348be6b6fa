import * as fc from "fast-check";
import { DifferenceSection } from "../../action/cleanup/difference-section";
import { commentForm, summaryForm } from "../../action/cleanup/summary";
import { incomparable, type OneSided, type RepositoryDifference } from "../../provider/cleanup/plan/difference";
import { digestOf } from "./plans";

const side = (tags: readonly string[], reason = "because"): OneSided => ({
  digests: tags.length,
  tags: 0,
  items: tags.map((tag) => ({
    digest: digestOf(tag),
    role: "root",
    tags: [tag],
    goes: { code: "selected", text: reason },
    stays: { code: "not-selected", text: reason },
  })),
});
const difference = (
  repository: string,
  deleted: readonly string[],
  kept: readonly string[] = [],
  reason?: string,
): RepositoryDifference => ({
  repository,
  deleted: side(deleted, reason),
  kept: side(kept, reason),
});

function section(differences: readonly RepositoryDifference[], form = commentForm, limit = form.limit / 3): string {
  const made = new DifferenceSection(form, limit);
  for (const one of differences) made.add(one);
  const sum = (key: "deleted" | "kept") => ({ digests: differences.reduce((total, one) => total + one[key].digests, 0), tags: 0 });
  return made.render({ deleted: sum("deleted"), kept: sum("kept") });
}

const tags = (count: number, name = "pr") => Array.from({ length: count }, (_, at) => `${name}-${at}`);

describe("what two policies differ in, as a part of a page,", () => {
  it("is nothing where they do not", () => {
    expect(section([])).toBe("");
  });

  it("shows tags alone, tags that point to nothing, and what belongs to others", () => {
    const [goes, stays] = [{ code: "selected", text: "goes" } as const, { code: "newest", text: "stays", blocked: true } as const];
    const items = [
      { digest: digestOf("a"), role: "child", tags: [], goes } as const,
      { digest: digestOf("b"), tags: ["pr-1"], goes, stays },
      { tags: ["lost"], goes, stays },
    ];
    const text = section([{ repository: "team/app", deleted: { digests: 1, tags: 2, items }, kept: side([]) }]);
    const digest = (name: string) => `<code>${digestOf(name).slice(0, 19)}</code>`;
    expect(text).toContain("| <code>team/app</code> | 1 digest and 2 tags | 0 |");
    expect(text).toContain(`| (child) | ${digest("a")} |  | goes |  |`);
    expect(text).toContain(`| <code>pr-1</code> | ${digest("b")} stays |  | goes | ⚠️ stays |`);
    expect(text).toContain("| <code>lost</code> | none |  | goes | ⚠️ stays |");
    expect(text).not.toContain("newly kept</summary>");
  });

  it("has the total of many repositories, those included that are left out", () => {
    const many = Array.from({ length: 5_000 }, (_, at) => difference(`team/app-${at}`, ["a", "b"], ["c"]));
    const text = section(many);
    expect(text).toContain("| **all** | 10,000 digests | 5,000 digests |");
    expect(text).toMatch(/_[\d,]+ more repositories do not fit into this table\._/);
    expect(text).toMatch(/_[\d,]+ more repositories do not fit into these lists\._/);
  });

  it("names so many of a repository, and counts the rest", () => {
    expect(section([difference("a", tags(60))])).toContain("\n… and 10 more.\n");
    // Not so many, if they are long: there are other repositories.
    const long = section([difference("a", tags(60, "x".repeat(100))), difference("b", ["pr-1"])]);
    const rows = long.match(/xxx<\/code>|xxx-\d+<\/code>/g)?.length ?? 0;
    expect(rows).toBeGreaterThan(3);
    expect(rows).toBeLessThan(50);
    expect(long).toContain(`\n… and ${60 - rows} more.\n`);
    expect(long).toContain("<code>b</code>: 1 digest newly deleted");
  });

  it("names some of those that could not be compared, and counts the rest", () => {
    const text = section(
      Array.from({ length: 60 }, (_, at) => incomparable(`team/app-${at}`, "403 <b>")),
      summaryForm,
    );
    expect(text).toContain("* ⚠️ team/app-0 could not be compared: 403 &#60;b&#62;\n");
    expect(text).toContain("* ⚠️ 10 more repositories could not be compared.");
    expect(text).not.toContain("newly");
  });

  it("is never longer than it may be, and holds no markup of anybody else's", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "<", ">", "|", "`", "@", "\n", "🙂", "-->"), maxLength: 40 });
    const sides = fc.array(text, { maxLength: 30 });
    const differences = fc.array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.tuple(text, sides, sides, text).map(([name, gone, kept, reason]) => difference(name, gone, kept, reason)),
        },
        { weight: 1, arbitrary: fc.tuple(text, text).map(([name, problem]) => incomparable(name, problem)) },
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(differences, fc.integer({ min: 4_000, max: 15_000 }), (given, limit) => {
        const page = section(given, commentForm, limit);
        expect(Buffer.byteLength(page)).toBeLessThanOrEqual(limit);
        expect(page.replace(/&#\d+;/g, "").replace(/<\/?(code|details|summary)>/g, "")).not.toMatch(/[<>`@]/);
      }),
    );
  });
});
