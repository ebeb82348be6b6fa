import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { findTool } from "../setup/tools";

const file = path.join(__dirname, "..", "..", "examples", "workflows", "policy-review.yml");
const text = readFileSync(file, "utf8");
const actionlint = findTool("actionlint")?.path;
const required = process.env.CI === "true";

describe("examples/workflows/policy-review.yml", () => {
  (actionlint || required ? it : it.skip)(`passes actionlint${actionlint ? "" : " (not found: npm run setup -- actionlint)"}`, () => {
    expect(execFileSync(actionlint ?? "", ["-no-color", file], { encoding: "utf8" })).toBe("");
  });

  it("pins every action by its full hash, with the version beside it", () => {
    const used = [...text.matchAll(/uses: (.*)$/gm)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it("may only read the repository, keeps no credentials in the checkout, and runs nothing that a fork wrote", () => {
    const { permissions, jobs } = parse(text);
    expect(permissions).toEqual({});
    expect(Object.values(jobs)).toHaveLength(1);
    expect(jobs.preview.permissions).toEqual({ contents: "read" });
    expect(jobs.preview.if).toBe("github.event.pull_request.head.repo.full_name == github.repository");
    expect(text.match(/actions\/checkout@/g)?.length).toBe(text.match(/persist-credentials: false/g)?.length);
  });

  it("runs for every pull request: a required check that a filter left out is waited for for ever", () => {
    const { on } = parse(text);
    expect(text).toContain("required check");
    expect(on === "pull_request" ? [] : Object.keys(on.pull_request ?? {}).filter((key) => /^(paths|branches)/.test(key))).toEqual([]);
  });

  it("previews under the pack, and brings nothing up", () => {
    const { jobs } = parse(text);
    const lines = (jobs.preview.steps as { run?: string }[])
      .flatMap(({ run = "" }) => run.split("\n"))
      .filter((line) => line.includes("pulumi"));
    expect(lines).toEqual([expect.stringMatching(/^pulumi preview .*--policy-pack \.\.\/policy-pack/)]);
    // No expression of the event's own text in a shell line.
    expect((jobs.preview.steps as { run?: string }[]).filter(({ run }) => run?.includes("${{"))).toEqual([]);
  });
});
