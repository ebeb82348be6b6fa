import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { engines } from "./engine";
import { equalOnEachEngine, errors, essence } from "./fixture/scenario";
import { makeProgram } from "./program";

jest.setTimeout(240_000);

const TYPESCRIPT = `
import * as pulumi from "@pulumi/pulumi";
import { Repository } from "acme-registry";
const name: string = new pulumi.Config().require("name");
export const url: pulumi.Output<string> = new Repository("a", { name }).url;
`;
const MODULE = `
import * as pulumi from "@pulumi/pulumi";
import { Repository } from "acme-registry";
const name = await Promise.resolve(new pulumi.Config().require("name"));
export const url = new Repository("a", { name }).url;
`;

describe("programs of every kind run on every engine", () => {
  it.each([
    ["TypeScript with the newest SDK", { module: "typescript", sdk: "newest", files: { "index.ts": TYPESCRIPT } }],
    ["an ES module with the oldest SDK", { module: "esm", sdk: "oldest", files: { "index.js": MODULE } }],
  ] as const)("%s", async (_name, program) => {
    const result = await equalOnEachEngine(async ({ stack }) => {
      await stack.setConfig("name", "typed");
      return essence(await stack.up());
    }, program);
    expect(errors(result)).toEqual([]);
    expect(result.outputs).toEqual({ url: "https://x/typed" });
  });

  it("a program that throws, and one whose folder lacks the SDK, fail with the reason", async () => {
    const throwing = makeProgram({ files: { "index.js": 'throw new Error("boom from the program")' } });
    const scratch = mkdtempSync(path.join(tmpdir(), "empty-"));
    try {
      for (const engine of await engines()) {
        const stack = await engine.open({ dir: throwing.dir });
        const result = await stack.up();
        await stack.close();
        expect(result.ok).toBe(false);
        expect(errors(result).join("\n")).toContain("boom from the program");
        const empty = engine.open({ dir: scratch }).then(async (opened) => {
          const failed = await opened.preview().finally(() => opened.close());
          throw new Error(errors(failed).join("\n"));
        });
        await expect(empty).rejects.toThrow(/@pulumi\/pulumi is not installed for the program in .*: run "npm install" there/);
      }
    } finally {
      throwing.remove();
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  it("a folder without Pulumi.yaml is a project, with the name that is given, and stays as it was", async () => {
    const program = makeProgram({
      files: { "index.js": 'exports.name = require("@pulumi/pulumi").getProject() + "/" + require("@pulumi/pulumi").getStack();' },
    });
    rmSync(path.join(program.dir, "Pulumi.yaml"));
    try {
      for (const engine of await engines()) {
        const stack = await engine.open({ dir: program.dir, project: "other", stack: "blue", typescript: false });
        const result = await stack.up();
        await stack.close();
        expect(result.outputs).toEqual({ name: "other/blue" });
      }
    } finally {
      program.remove();
    }
  });
});

describe("engines()", () => {
  it("gives the embedded engine where there is no pulumi, and refuses to skip in CI", async () => {
    const nothing = { PATH: "", REGISTRY_AS_CODE_CACHE: "/nonexistent" };
    expect((await engines(nothing)).map(({ kind }) => kind)).toEqual(["embedded"]);
    await expect(engines({ ...nothing, CI: "true" })).rejects.toThrow("npm run setup");
  });
});
