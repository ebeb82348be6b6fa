import { existsSync } from "node:fs";
import path from "node:path";

/**
 * What a file of the workspace is called in the repository that was checked out there, with slashes; undefined if it lies outside of the
 * workspace. A checkout may be in a folder of the workspace.
 */
export function pathInRepository(file: string, workspace: string): string | undefined {
  const absolute = path.resolve(workspace, file);
  if (!isWithin(absolute, workspace)) return undefined;
  let root = path.dirname(absolute);
  while (root !== workspace && !existsSync(path.join(root, ".git"))) root = path.dirname(root);
  return path.relative(root, absolute).split(path.sep).join("/");
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== "" && relative.split(path.sep)[0] !== ".." && !path.isAbsolute(relative);
}
