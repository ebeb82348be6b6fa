import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { actions, root } from "./manifests";

jest.setTimeout(60_000);

it("the committed bundles are what the source gives", () => {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, "action/bundle.mjs"), "--check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

const most = { "action/cleanup/dist/index.cjs": 1_300_000, "action/token/dist/main.cjs": 700_000, "action/token/dist/post.cjs": 700_000 };

it("every file that an action.yml names is there, and no other", () => {
  const named = Object.values(actions).flatMap(({ runs }) =>
    Object.entries(runs).flatMap(([file, stages]) => Object.values(stages).map((stage) => path.join(path.dirname(file), stage))),
  );
  expect([...new Set(named)].sort()).toEqual(Object.keys(most));
});

describe.each(Object.entries(most))("%s", (file, size) => {
  const text = readFileSync(path.join(root, file), "utf8");

  it(`is smaller than ${size} bytes, with one undici in it`, () => {
    expect(statSync(path.join(root, file)).size).toBeLessThan(size);
    // A symbol that each copy makes once.
    expect(text.match(/Symbol\.for\("undici\.globalDispatcher\.1"\)/g)).toHaveLength(1);
  });

  it("is one file that needs nothing but Node", () => {
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const builtIn: string[] = JSON.parse(
      execFileSync(process.execPath, ["-p", "JSON.stringify(require('module').builtinModules)"], { encoding: "utf8" }),
    );
    expect(required.length).toBeGreaterThan(10);
    expect(required.filter((name) => !name.startsWith("node:") && !builtIn.includes(name))).toEqual([]);
  });
});

it.each([
  ["cleanup", ["@actions/core", "@octokit/core", "undici", "zod", "re2js", "yaml", "picomatch"]],
  ["token", ["@actions/core", "undici", "zod"]],
])("the licences of what is in it lie beside it: %s", (action, names) => {
  const licenses = readFileSync(path.join(root, "action", action, "dist/licenses.txt"), "utf8");
  for (const name of names) expect(licenses).toContain(`${name}\n`);
});
