/** Plays an example workflow in a folder of its own. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import type { PlayedStep } from "./play.mjs";

export const root = path.join(__dirname, "..", "..");
export const folder = path.join(root, "examples", "workflows");

export interface Played {
  readonly steps: readonly PlayedStep[];
  readonly jobs: Readonly<Record<string, string>>;
}

export async function play(scratch: string, file: string, scene: Readonly<Record<string, unknown>>): Promise<Played> {
  const workspace = path.join(scratch, "workspace");
  cpSync(folder, workspace, { recursive: true });
  const input = JSON.stringify({
    workflow: path.join(folder, file),
    workspace,
    scratch,
    actions: { "OWNER/registry-as-code": filesOf("action.yml"), "OWNER/registry-as-code/action/token": filesOf("action/token/action.yml") },
    ...scene,
    env: { GITHUB_REPOSITORY: "octo/app", NO_PROXY: "127.0.0.1", ...(scene.env ?? {}) },
  });
  const child = promisify(execFile)(process.execPath, ["--import", "tsx", path.join(__dirname, "play.mts")], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  child.child.stdin?.end(input);
  return JSON.parse((await child).stdout);
}

/** What the action's description runs. */
function filesOf(description: string): string | { readonly main: string; readonly post: string } {
  const { runs } = parse(readFileSync(path.join(root, description), "utf8"));
  const at = (file: string) => path.join(root, path.dirname(description), file);
  return runs.post === undefined ? at(runs.main) : { main: at(runs.main), post: at(runs.post) };
}

export const log = ({ steps }: Played) =>
  steps.map(({ job, step, exitCode, stdout }) => `${job} / ${step}: ${exitCode}\n${stdout}`).join("\n");
