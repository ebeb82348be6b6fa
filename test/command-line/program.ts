/** The built command line as a process, in a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../action/manifests";

export interface Invocation {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input, as a pipe. */
  readonly stdin?: string;
  /** Called with the process while it runs. */
  readonly during?: (child: ChildProcess) => void;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Everything is built once for a test file: the program as it is packed, and beside it what lies there in the package. */
export class BuiltProgram {
  /** Below the repository, so that the import finds Pulumi's SDK. */
  readonly folder: string;
  readonly file: string;
  #runs = 0;

  constructor() {
    mkdirSync(path.join(root, ".cache"), { recursive: true });
    this.folder = realpathSync(mkdtempSync(path.join(root, ".cache", "command-line-")));
    this.file = path.join(this.folder, "dist", "command-line.cjs");
    const script = `
      import { mkdirSync, writeFileSync } from "node:fs";
      import { build } from "esbuild";
      import { bundleCommandLine } from ${JSON.stringify(pathToFileURL(path.join(root, "action/bundle.mjs")).href)};
      const folder = ${JSON.stringify(path.dirname(this.file))};
      mkdirSync(folder, { recursive: true });
      for (const [name, bytes] of Object.entries(await bundleCommandLine())) writeFileSync(folder + "/" + name, bytes, { mode: 0o755 });
      const beside = { sandbox: "test/sandbox/index.ts" };
      for (const [name, entry] of Object.entries(beside))
        await build({ entryPoints: [entry], outfile: folder + "/" + name + "/index.js", bundle: true, platform: "node", format: "cjs", packages: "external" });
    `;
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  }

  /** A new folder to run in. */
  newFolder(files: Readonly<Record<string, string>> = {}): string {
    const folder = path.join(this.folder, `run-${++this.#runs}`);
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return folder;
  }

  async run(args: readonly string[], { env = {}, stdin, during }: Invocation = {}, cwd = this.newFolder()): Promise<Ended> {
    const child = spawn(process.execPath, [this.file, ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: this.folder, TMPDIR: this.folder, ...env },
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
    // A program that refuses its arguments does not read.
    child.stdin.on("error", () => undefined).end(stdin ?? "");
    during?.(child);
    const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
    return { code, ...output };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All files below a folder as one text. */
export function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

/** How a run ended as text; `names` are addresses and folders that differ from run to run, by what they are. */
export function shown({ code, stdout, stderr }: Ended, names: Readonly<Record<string, string>> = {}): string {
  const plain = (text: string) =>
    Object.entries(names)
      .reduce((rest, [name, value]) => rest.replaceAll(value, `<${name}>`), text)
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<id>")
      .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
  return [`--- exit code\n${code}\n`, `--- stdout\n${plain(stdout)}`, `--- stderr\n${plain(stderr)}`].join("");
}
