/** The package as its users get it: built and packed once for one content of the sources, kept in the cache. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheFolder } from "../setup/tools";

const ROOT = path.join(__dirname, "..", "..");
/** What the tarball is made of. */
const SOURCES = ["package.json", "tsconfig.json", "README.md", "LICENSE", "CHANGELOG.md", "provider", "action", "test/sandbox"];
/** A build takes seconds; a lock older than this was left by a killed run. */
const STALE = 300_000;

/** The tarball's path. Test files that run at the same time share one build. */
export async function packOnce(): Promise<string> {
  const folder = path.join(cacheFolder(), "pack");
  const tarball = path.join(folder, `${contentHash()}.tgz`);
  const lock = path.join(folder, "lock");
  mkdirSync(folder, { recursive: true });
  while (!existsSync(tarball)) {
    if (!take(lock)) {
      await delay(100);
      continue;
    }
    try {
      if (!existsSync(tarball)) pack(folder, tarball);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return tarball;
}

function pack(folder: string, tarball: string): void {
  const scratch = mkdtempSync(path.join(folder, "new-"));
  try {
    npm(["run", "--silent", "build"]);
    npm(["pack", "--silent", "--ignore-scripts", "--pack-destination", scratch]);
    const packed = readdirSync(scratch).find((file) => file.endsWith(".tgz"));
    if (packed === undefined) throw new Error(`npm pack left no tarball in ${scratch}`);
    renameSync(path.join(scratch, packed), tarball);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function npm(args: readonly string[]): void {
  const windows = process.platform === "win32";
  try {
    execFileSync(windows ? "npm.cmd" : "npm", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell: windows });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }; // execFileSync adds them to what it throws
    throw new Error(`npm ${args.join(" ")} failed in ${ROOT}:\n${stdout ?? ""}${stderr ?? ""}`, { cause: error });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > STALE) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function contentHash(): string {
  const hash = createHash("sha256");
  for (const source of SOURCES.flatMap(filesOf))
    hash
      .update(source)
      .update("\0")
      .update(readFileSync(path.join(ROOT, source)))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}

function filesOf(relative: string): string[] {
  const stat = statSync(path.join(ROOT, relative), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [relative];
  return readdirSync(path.join(ROOT, relative))
    .sort()
    .flatMap((name) => filesOf(`${relative}/${name}`));
}
