/**
 * Tools out of Debian packages, unpacked into the cache without being installed: nothing on the machine changes and
 * no service is started. Only where a package needs libraries that are missing, and only as root, it is installed.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import * as path from "node:path";
import type { Run, Step } from "./step";
import { isTool } from "./tools";

/** Packages that bring a service are never installed: it would be started. */
const HAS_SERVICE = { "docker-registry": true, skopeo: false, wrk: false, time: false } as const;
type Package = keyof typeof HAS_SERVICE;

export const debianSteps: readonly Step[] = (["docker-registry", "skopeo"] as const).map(debianStep);

/** The load generator that finds a server's ceiling, and GNU time for the processor time and memory of processes. */
export const debianPeers: readonly Step[] = (["wrk", "time"] as const).map((tool) => ({ ...debianStep(tool), peer: true }));

function debianStep(tool: Package): Step {
  return {
    tool,
    lane: "debian",
    what: `unpacking Debian's package ${tool}`,
    byHand: `apt-get install -y ${tool}   (Debian, Ubuntu; elsewhere put a ${tool} on PATH)`,
    obtain: (bin, run) => unpack(tool, bin, run),
  };
}

async function unpack(tool: Package, bin: string, run: Run): Promise<void> {
  mkdirSync(bin, { recursive: true });
  const scratch = mkdtempSync(path.join(bin, "deb-"));
  try {
    await download(tool, scratch, run);
    const archive = readdirSync(scratch).find((file) => file.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get download ${tool} left no package`);
    await run("dpkg-deb", ["-x", archive, "tree"], { cwd: scratch });
    const program = path.join(scratch, "tree", "usr", "bin", tool);
    if (!existsSync(program)) throw new Error(`the package ${tool} has no /usr/bin/${tool}`);
    renameSync(program, path.join(bin, tool));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (isTool(tool, path.join(bin, tool))) return;
  rmSync(path.join(bin, tool), { force: true });
  await installPackage(tool, run);
}

/** Package lists may be missing (containers) or stale: they are fetched once when the first try fails. */
async function download(tool: string, folder: string, run: Run): Promise<void> {
  try {
    await run("apt-get", ["download", tool], { cwd: folder });
  } catch (error) {
    if (!isRoot()) throw error;
    await run("apt-get", ["update"]);
    await run("apt-get", ["download", tool], { cwd: folder });
  }
}

async function installPackage(tool: Package, run: Run): Promise<void> {
  if (HAS_SERVICE[tool]) throw new Error("the unpacked program does not run here");
  if (!isRoot()) throw new Error("it needs shared libraries that are missing here, and only root can install them");
  await run("apt-get", ["install", "-y", "--no-install-recommends", tool], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
