/**
 * Program folders for tests, as `npm install` would leave them but within milliseconds: the packed package is a real
 * copy (a symlink would be resolved into the project and find the project's own modules), everything else is linked.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

export interface ProgramOptions {
  /** Path in the folder -> text. The program itself is `index.js` or `index.ts`. */
  readonly files: Readonly<Record<string, string>>;
  /** What package.json and tsconfig.json say. Default: commonjs. `typescript` is CommonJS through the SDK's own loader, as Pulumi's template has it. */
  readonly module?: "commonjs" | "esm" | "typescript";
  /** `newest`: the project's @pulumi/pulumi; `oldest`: the oldest that is supported. Default: newest. */
  readonly sdk?: "newest" | "oldest";
  /** A packed package (see packOnce) to install; without one the program has the SDK alone. */
  readonly tarball?: string;
  /** Further packages to link: name -> folder. */
  readonly links?: Readonly<Record<string, string>>;
  /** Default: `project`. */
  readonly name?: string;
}

export interface Program {
  readonly dir: string;
  remove(): void;
}

const MODULES = path.join(__dirname, "..", "..", "node_modules");
const SDK_FOLDERS = { newest: path.join(MODULES, "@pulumi", "pulumi"), oldest: path.join(MODULES, "pulumi-oldest") } as const;
/** tsconfig.json of Pulumi's own TypeScript template. */
const TSCONFIG = {
  compilerOptions: { strict: true, target: "es2020", module: "commonjs", moduleResolution: "node", skipLibCheck: true, types: ["node"] },
  files: ["index.ts"],
};

export function makeProgram(options: ProgramOptions): Program {
  const dir = mkdtempSync(path.join(tmpdir(), "program-"));
  const module = options.module ?? "commonjs";
  const main = module === "typescript" ? "index.ts" : "index.js";
  const given: Record<string, string> = {
    "package.json": JSON.stringify({ name: "program", private: true, main, type: module === "esm" ? "module" : "commonjs" }),
    "Pulumi.yaml": JSON.stringify({
      name: options.name ?? "project",
      runtime: { name: "nodejs", options: { typescript: module === "typescript" } },
    }),
    ...(module === "typescript" ? { "tsconfig.json": JSON.stringify(TSCONFIG) } : {}),
    ...options.files,
  };
  for (const [file, text] of Object.entries(given)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  link(dir, "@pulumi/pulumi", SDK_FOLDERS[options.sdk ?? "newest"]);
  if (module === "typescript") for (const name of ["typescript", "@types/node"]) link(dir, name, path.join(MODULES, name));
  if (options.tarball !== undefined) install(dir, options.tarball);
  for (const [name, folder] of Object.entries(options.links ?? {})) link(dir, name, folder);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Unpacks a tarball into the folder's node_modules and links what it depends on from the project's. */
export function install(dir: string, tarball: string): void {
  const scratch = mkdtempSync(path.join(dir, "unpack-"));
  execFileSync("tar", ["-xzf", tarball, "-C", scratch]);
  const unpacked = path.join(scratch, "package");
  // Written by npm; only these two fields are looked at.
  const { name, dependencies } = JSON.parse(readFileSync(path.join(unpacked, "package.json"), "utf8")) as {
    name: string;
    dependencies?: Record<string, string>;
  };
  const folder = path.join(dir, "node_modules", name);
  mkdirSync(path.dirname(folder), { recursive: true });
  renameSync(unpacked, folder);
  rmSync(scratch, { recursive: true });
  for (const dependency of Object.keys(dependencies ?? {})) link(dir, dependency, path.join(MODULES, dependency));
}

function link(dir: string, name: string, target: string): void {
  const at = path.join(dir, "node_modules", name);
  if (existsSync(at)) return;
  mkdirSync(path.dirname(at), { recursive: true });
  symlinkSync(target, at, process.platform === "win32" ? "junction" : "dir");
}
