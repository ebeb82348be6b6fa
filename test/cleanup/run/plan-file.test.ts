import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { PlanError } from "../../../provider/cleanup/run/plan-error";
import { planSchema } from "../../../provider/cleanup/run/plan-schema";
import { PlanWriter } from "../../../provider/cleanup/run/plan-writer";
import { readPlan } from "../../../provider/cleanup/run/read-plan";
import { digestOf } from "../model";
import { folder, goes, header, write } from "./plans";

const path = folder();
const plans = [goes("a", ["one", "two"]), { ...goes("b", []), problem: "GET …: 500." }, goes("c", ["three"])];

/** A plan's lines after a change; with `sealed`, its checksum is made right again, as by somebody who knows how. */
async function changed(change: (lines: string[]) => string[], sealed = false, ending = "\n"): Promise<string> {
  const file = path(`${Math.random()}.jsonl`);
  await write(file, plans);
  let lines = change(readFileSync(file, "utf8").trimEnd().split("\n"));
  if (sealed) {
    const before = lines.slice(0, -1).map((line) => `${line}\n`);
    const end = JSON.parse(lines.at(-1) ?? "");
    lines = [
      ...lines.slice(0, -1),
      JSON.stringify({ ...end, checksum: `sha256:${createHash("sha256").update(before.join("")).digest("hex")}` }),
    ];
  }
  writeFileSync(file, `${lines.join("\n")}${ending}`);
  return file;
}

const edited = (number: number, change: (line: never) => unknown) =>
  changed(
    (lines) =>
      lines.map((line, at) =>
        at === number ? JSON.stringify({ ...JSON.parse(line), ...(change(JSON.parse(line) as never) as object) }) : line,
      ),
    true,
  );

describe("a plan file", () => {
  it("is read as it was written", async () => {
    const file = path("plan.jsonl");
    const end = await write(file, plans, header({ shard: "2/8" }));
    const plan = await readPlan(file);
    expect(plan.header).toEqual(header({ shard: "2/8" }));
    expect(plan.end).toEqual(end);
    expect(plan.entries).toMatchObject([
      { repository: "a", deletions: 2 },
      { repository: "b", deletions: 0, problem: "GET …: 500." },
      { repository: "c", deletions: 1 },
    ]);
    const repositories = [];
    for await (const repository of plan.repositories()) repositories.push(repository);
    expect(repositories).toEqual(plans);
    expect(plan.bounds.excesses).toEqual([]);
  });

  it("has a header, a line a repository, and an end with the checksum of all bytes before it", async () => {
    const file = path("form.jsonl");
    await write(file, plans);
    const text = readFileSync(file, "utf8");
    const lines = text.trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    const before = text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1);
    expect(JSON.parse(lines[4] ?? "")).toMatchObject({
      end: true,
      repositories: 3,
      problems: 1,
      counts: { roots: 3, digests: 3, taggedRoots: 6 },
      checksum: `sha256:${createHash("sha256").update(before).digest("hex")}`,
    });
  });

  it("holds lines longer than what is read at a time, and any letters", async () => {
    const file = path("long.jsonl");
    const long = goes(
      "команда/образ",
      Array.from({ length: 5000 }, (_, n) => `tag-${n}`),
    );
    await write(file, [long, goes("я", ["one"])]);
    const plan = await readPlan(file);
    const [entry, last] = plan.entries;
    if (!entry || !last) throw new Error("two entries");
    expect(entry.length).toBeGreaterThan(1 << 20);
    expect(await plan.read(entry)).toEqual(long);
    expect(await plan.read(last)).toEqual(goes("я", ["one"]));
  });

  it("has its name only when it is complete", async () => {
    const file = path("folder/atomic.jsonl");
    const writer = await PlanWriter.create(file, header());
    expect(readdirSync(path("folder"))).toEqual([expect.stringMatching(/^atomic\.jsonl\.\d+\.partial$/)]);
    await writer.discard();
    expect(readdirSync(path("folder"))).toEqual([]);
  });

  it("leaves an older plan alone until it is complete", async () => {
    const file = path("older.jsonl");
    const end = await write(file, plans);
    const writer = await PlanWriter.create(file, header());
    expect((await readPlan(file)).end).toEqual(end);
    await writer.discard();
    expect((await readPlan(file)).end).toEqual(end);
  });
});

describe("a plan that cannot be trusted is refused, with what is wrong", () => {
  const cases: [string, () => Promise<string> | string, RegExp][] = [
    ["no file", () => path("nothing.jsonl"), /cannot be read \(ENOENT.*Check the path/],
    ["a folder", () => path("."), /cannot be read|EISDIR/],
    ["an empty file", () => changed(() => [], false, ""), /it is empty/],
    ["something else", () => changed(() => ["hello"]), /it is not a cleanup plan.*Give the file that a dry run wrote/],
    ["other JSON", () => changed(() => ['{"version":1}']), /it is not a cleanup plan/],
    ["endless bytes", () => changed(() => ["x".repeat(3 << 20)]), /it is not a cleanup plan/],
    ["another form", () => edited(0, () => ({ plan: 2 })), /its form is 2, and this version reads form 1/],
    ["a header that is cut", () => changed((lines) => [lines[0]?.slice(0, -5) ?? ""]), /it is not a cleanup plan/],
    ["no end line", () => changed((lines) => lines.slice(0, -1)), /its last line is missing/],
    ["a line too few", () => changed((lines) => lines.toSpliced(1, 1)), /it was changed after it was made/],
    ["lines after the end", () => changed((lines) => [...lines, lines[1] ?? ""]), /something was added after its end/],
    [
      "a byte that changed",
      () => changed((lines) => lines.map((line) => line.replace("selected by rule", "selected by rulf"))),
      /it was changed after it was made/,
    ],
    ["line ends of Windows", () => changed((lines) => lines.map((line) => `${line}\r`)), /it was changed after it was made/],
    ["a property that is unknown", () => edited(1, () => ({ force: true })), /line 2 is not understood.*force/],
    [
      "a bound that is no number",
      () => edited(0, () => ({ bounds: { maxDeletions: null, maxDeletionsPercent: 100 } })),
      /line 1 is not understood at bounds\.maxDeletions/,
    ],
    ["a line that is no JSON", () => changed((lines) => lines.with(2, "{"), true), /line 3 is not JSON/],
    [
      "lines in another order",
      () => changed((lines) => [lines[0], lines[3], lines[2], lines[1], lines[4]].map(String), true),
      /comes after c, and repositories are sorted/,
    ],
    ["a repository twice", () => changed((lines) => lines.toSpliced(1, 0, lines[1] ?? ""), true), /comes after a/],
    ["other totals", () => edited(4, () => ({ repositories: 4 })), /its totals are not those of its lines/],
    [
      "a deletion that no image shows",
      () => edited(3, () => ({ deletions: [{ kind: "manifest", digest: digestOf("release"), tags: [] }] })),
      /line 4 \(c\) contradicts itself: the images that go are not those that are deleted/,
    ],
    [
      "one deletion more",
      () =>
        edited(3, ({ deletions }: { deletions: object[] }) => ({
          deletions: [...deletions, { kind: "manifest", digest: digestOf("release"), tags: [] }],
        })),
      /the images that go are not/,
    ],
    [
      "a dangling tag that no list shows",
      () => edited(3, ({ deletions }: { deletions: object[] }) => ({ deletions: [...deletions, { kind: "dangling", tag: "release" }] })),
      /the dangling tags that go are not/,
    ],
    [
      "a tag that no image shows",
      () =>
        edited(3, ({ deletions }: { deletions: object[] }) => ({
          deletions: [...deletions, { kind: "tag", tag: "v1", digest: digestOf("release") }],
        })),
      /the tags that go are not those that are deleted/,
    ],
    [
      "removed tags that do not count",
      () => edited(3, ({ counts }: { counts: object }) => ({ counts: { ...counts, untagged: 1 } })),
      /1 removed tags are counted, and there are 0/,
    ],
    [
      "a deletion twice",
      () => edited(3, ({ deletions }: { deletions: object[] }) => ({ deletions: [...deletions, ...deletions] })),
      /something is deleted twice/,
    ],
    [
      "deletions beside a problem",
      () => edited(3, () => ({ problem: "unreadable" })),
      /something goes although the repository could not be planned/,
    ],
    [
      "roots that do not count",
      () => edited(3, ({ counts }: { counts: object }) => ({ counts: { ...counts, roots: 0, doomedTaggedRoots: 0 } })),
      /its roots are counted wrongly/,
    ],
    [
      "digests that do not count",
      () => edited(3, ({ counts }: { counts: object }) => ({ counts: { ...counts, digests: 0 } })),
      /0 digests are counted, and 1 are deleted/,
    ],
  ];
  it.each(cases)("%s", async (_, file, message) => {
    const failure = await readPlan(await file()).catch((error) => error);
    expect(failure).toBeInstanceOf(PlanError);
    expect(failure.message).toMatch(message);
  });

  it("cut off anywhere", async () => {
    const file = path("cut.jsonl");
    await write(file, plans);
    const bytes = readFileSync(file);
    for (let length = 0; length < bytes.length - 1; length += 97) {
      writeFileSync(file, bytes.subarray(0, length));
      await expect(readPlan(file)).rejects.toThrow(PlanError);
    }
  });

  it("changed after it was verified", async () => {
    const file = path("swapped.jsonl");
    await write(file, plans);
    const plan = await readPlan(file);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(digestOf("three"), digestOf("release")));
    const [a, , c] = plan.entries;
    if (!a || !c) throw new Error("three entries");
    expect(await plan.read(a)).toEqual(plans[0]);
    await expect(plan.read(c)).rejects.toThrow(/changed while it was in use/);
    writeFileSync(file, "");
    await expect(plan.read(a)).rejects.toThrow(/changed while it was in use/);
  });
});

describe("the published schema of a plan's lines", () => {
  it("knows the three kinds of lines, and nothing else in them", () => {
    const { anyOf } = planSchema() as { anyOf: { required: string[]; additionalProperties: boolean }[] };
    expect(anyOf.map(({ required }) => required[0])).toEqual(["plan", "repository", "end"]);
    expect(anyOf.every(({ additionalProperties }) => additionalProperties === false)).toBe(true);
  });
});
