import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { findTool } from "../setup/tools";

const folder = path.join(__dirname, "..", "..", ".github", "workflows");
const files = readdirSync(folder).filter((file) => file.endsWith(".yml"));
const texts = files.map((file) => ({ file, text: readFileSync(path.join(folder, file), "utf8") }));

const actionlint = findTool("actionlint")?.path;
const required = process.env.CI === "true";

describe("workflows", () => {
  (actionlint || required ? it : it.skip)(`pass actionlint${actionlint ? "" : " (not found: npm run setup -- actionlint)"}`, () => {
    const found = execFileSync(actionlint ?? "", ["-no-color", ...files.map((file) => path.join(folder, file))], { encoding: "utf8" });
    expect(found).toBe("");
  });

  it.each(texts)("$file: every action is pinned by its full hash, with the version beside it", ({ text }) => {
    const used = [...text.matchAll(/^\s*-?\s*uses: (\S+)(.*)$/gm)].map(([, action = "", comment = ""]) => ({ action, comment }));
    expect(used.length).toBeGreaterThan(0);
    const loose = used.filter(
      ({ action, comment }) => !action.startsWith("./") && !(/@[0-9a-f]{40}$/.test(action) && /^ # v\d+\.\d+\.\d+$/.test(comment)),
    );
    expect(loose).toEqual([]);
  });

  it.each(texts)("$file: nothing is allowed but what a job asks for, and no credentials stay in the checkout", ({ text }) => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    const granted = [...text.matchAll(/^ {6}([a-z-]+): (read|write)\b/gm)].map(([, scope, level]) => `${scope}: ${level}`);
    expect(new Set(granted)).toEqual(new Set(text.includes("npm publish") ? ["contents: read", "id-token: write"] : ["contents: read"]));
    expect(text.match(/actions\/checkout@/g)?.length ?? 0).toBe(text.match(/persist-credentials: false/g)?.length ?? 0);
  });
});
