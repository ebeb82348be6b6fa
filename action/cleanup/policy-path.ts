import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * What a file of the workspace is called in the repository that was checked out there, with slashes; undefined if it lies outside of the
 * workspace, or in a checkout of a repository that is none of `ours` (`owner/name`; a checkout that does not say of what it is counts as ours).
 * A checkout may be in a folder of the workspace.
 */
export function pathInRepository(file: string, workspace: string, ours?: readonly string[]): string | undefined {
  const absolute = path.resolve(workspace, file);
  if (!isWithin(absolute, workspace)) return undefined;
  let root = path.dirname(absolute);
  while (root !== workspace && !existsSync(path.join(root, ".git"))) root = path.dirname(root);
  const origin = originOf(root);
  if (origin !== undefined && ours !== undefined && !ours.some((name) => name.toLowerCase() === origin)) return undefined;
  return path.relative(root, absolute).split(path.sep).join("/");
}

/** `owner/name` in lower case of where a checkout is from, as Git's own configuration says; undefined if it does not. */
function originOf(root: string): string | undefined {
  let config: string;
  try {
    config = readFileSync(path.join(root, ".git", "config"), "utf8");
  } catch {
    return undefined;
  }
  const [, url = ""] = /^\[remote "origin"\][^[]*?^\s*url\s*=\s*(\S+)/m.exec(config) ?? [];
  return /[/:]([^/:]+\/[^/:]+?)(?:\.git)?\/?$/.exec(url)?.[1]?.toLowerCase();
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative);
}
