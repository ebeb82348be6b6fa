import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../action/manifests";
import { schemaFiles } from "../docs/schemas";
import { BuiltProgram } from "./program";

let program: BuiltProgram;
beforeAll(() => {
  program = new BuiltProgram();
});
afterAll(() => program.remove());

describe("schema", () => {
  it.each(["policy", "plan"])("prints the schema that is published: %s", async (name) => {
    const { code, stdout } = await program.run(["schema", name]);
    const published = schemaFiles().find(({ file }) => file === `schemas/${name}.schema.json`);
    expect([code, stdout]).toEqual([0, published?.text]);
  });

  it("is that of policies if nothing else is said", async () => {
    expect((await program.run(["schema"])).stdout).toBe((await program.run(["schema", "policy"])).stdout);
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("is a script made of the commands: %s", async (shell) => {
    const { code, stdout } = await program.run(["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it.each(
    ["bash", "zsh", "fish"].map((shell) => ({ shell, there: spawnSync(shell, ["-c", "true"]).status === 0 })).filter(({ there }) => there),
  )("is understood by $shell", async ({ shell }) => {
    const { stdout } = await program.run(["completion", shell]);
    expect(spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    ["the commands", ["registry-as-code", "to"], "token"],
    ["a command below another", ["registry-as-code", "token", "rev"], "revoke"],
    ["options of the command", ["registry-as-code", "plan", "--registry", "x", "--delete-un"], "--delete-untagged"],
    ["options of a command below another", ["registry-as-code", "token", "revoke", "--js"], "--json"],
    ["words of an option", ["registry-as-code", "plan", "--sort-by", "s"], "semver"],
    ["words of an argument", ["registry-as-code", "completion", "f"], "fish"],
    ["files", ["registry-as-code", "apply", "clean"], "cleanup.jsonl"],
    ["files of an option", ["registry-as-code", "plan", "--policy", "cl"], "cleanup.jsonl"],
    ["nothing where a text is to be", ["registry-as-code", "plan", "--registry", "cl"], ""],
  ])("in bash offers %s", async (_, words, offered) => {
    const { stdout } = await program.run(["completion", "bash"]);
    const line = words.map((word) => `'${word}'`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _registry_as_code; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const folder = program.newFolder({ "cleanup.jsonl": "" });
    expect(execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" })).toBe(`${offered}\n`);
  });
});

describe("completion of files in bash", () => {
  it.each([
    ["a plan with a space in its name", ["apply", "my"], ["my plan.jsonl"]],
    ["an option's file with a space in its name", ["plan", "--policy", "my"], ["my plan.jsonl"]],
    ["folders, into which one goes on", ["apply", "pl"], ["plans", "plain.jsonl"]],
    ["folders alone", ["plan", "--cache-dir", "pl"], ["plans"]],
  ])("offers %s", async (_, words, offered) => {
    const { stdout } = await program.run(["completion", "bash"]);
    const line = ["registry-as-code", ...words].map((word) => `'${word}'`).join(" ");
    // Readline puts a slash behind folders, and quotes names, of what is said to be files only.
    const script = `${stdout}
options=""; compopt() { options="$1 $2"; }
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _registry_as_code; printf '%s\n' "\${COMPREPLY[@]}"; echo "$options" >&2`;
    const folder = program.newFolder({ "my plan.jsonl": "", "plain.jsonl": "" });
    mkdirSync(path.join(folder, "plans"));
    const done = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
    expect([done.stdout.trimEnd().split("\n").sort(), done.stderr]).toEqual([[...offered].sort(), "-o filenames\n"]);
  });
});

describe("sandbox", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("says where the registries are, and serves until %s", async (signal) => {
    let answer: Promise<number> | undefined;
    const { code, stdout, stderr } = await program.run(["sandbox", "--oci-auth", "none", "--dtr-version", "2.7"], {
      during: (child) => {
        child.stdout?.once("data", (line: string) => {
          answer = fetch(`${JSON.parse(line).oci.url}/v2/`).then(({ status }) => status);
          answer.finally(() => child.kill(signal));
        });
      },
    });
    expect(await answer).toBe(200);
    expect(Object.keys(JSON.parse(stdout))).toEqual(["control", "selectel", "registryui", "dtr", "oci"]);
    expect([code, stderr]).toEqual([signal === "SIGINT" ? 130 : 143, ""]);
  });
});

describe("the program", () => {
  it("is one file that needs nothing but Node and what lies beside it in the package, and is no part of the actions", () => {
    const text = readFileSync(program.file, "utf8");
    expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
    expect(statSync(program.file).size).toBeLessThan(1_500_000);
    const required = new Set([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name));
    expect([...required].filter((name) => !isBuiltin(name)).sort()).toEqual(["./sandbox", "registry-as-code/dynamic"]); // the latter is the text that stands in users' states
    const script = `
      import { bundle, entries } from ${JSON.stringify(pathToFileURL(path.join(root, "action/bundle.mjs")).href)};
      for (const action of Object.keys(entries)) console.log(Object.values((await bundle(action)).inputs).flat().join("\\n"));
    `;
    const sources = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, encoding: "utf8" });
    expect(sources).toContain("action/cleanup/run.ts");
    expect(sources).not.toMatch(/command-line|commander/);
  });

  it("has the licences of what is in it beside it", () => {
    const licences = readFileSync(path.join(path.dirname(program.file), "command-line.licenses.txt"), "utf8");
    for (const name of ["commander", "undici", "zod", "yaml", "@octokit/core"]) expect(licences).toContain(`${name}\n`);
  });

  it("starts without a terminal, a home or a folder for temporary files", async () => {
    const { status, stdout } = spawnSync(process.execPath, [program.file, "--version"], {
      cwd: path.parse(program.folder).root,
      env: {},
      encoding: "utf8",
    });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d/)]);
  });

  it.each(["v20.20.2", "v18.0.0"])("says what it needs where Node is %s, and begins nothing", async (version) => {
    const folder = program.newFolder({
      "old.cjs": `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version.slice(1)}" } });`,
    });
    const env = { NODE_OPTIONS: `--require ${path.join(folder, "old.cjs")}` };
    for (const args of [["plan", "--registry", "127.0.0.1:1", "--delete-untagged"], ["--help"]])
      expect(await program.run(args, { env }, folder)).toEqual({
        code: 2,
        stdout: "",
        stderr: `Error: registry-as-code needs Node 22 or newer, and this is ${version.slice(1)}.\n`,
      });
  });

  it("does not mind a reader that has enough", () => {
    const { stderr, stdout } = spawnSync("bash", ["-c", `"${process.execPath}" "${program.file}" schema | head -n 1`], {
      encoding: "utf8",
    });
    expect([stdout, stderr]).toEqual(["{\n", ""]);
  });
});
