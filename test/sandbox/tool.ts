import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** The path of a program that tests may use: named by an environment variable, else in the project's cache, else on PATH. */
export function findTool(name: string, variable?: string, env: Readonly<NodeJS.ProcessEnv> = process.env): string | undefined {
  const named = variable === undefined ? undefined : env[variable];
  if (named) return named;
  const directories = [join(ROOT, ".cache", "bin"), ...(env.PATH ?? "").split(delimiter).filter((directory) => directory !== "")];
  const names = process.platform === "win32" ? [`${name}.exe`, name] : [name];
  return directories.flatMap((directory) => names.map((file) => join(directory, file))).find(isExecutable);
}

/**
 * `describe` for tests that need a program: they run where it is. Where it is not, they fail when `CI` is set, and are otherwise skipped under
 * a name that says what is missing.
 */
export function describeWithTool(
  title: string,
  tool: { readonly name: string; readonly variable?: string },
  tests: (path: string) => void,
): void {
  const path = findTool(tool.name, tool.variable);
  if (path !== undefined) return void describe(title, () => tests(path));
  const hint = `${tool.name} is missing: put it on PATH or into .cache/bin${tool.variable ? `, or name it by ${tool.variable}` : ""}`;
  if (process.env.CI) {
    return void describe(title, () => {
      it(tool.name, () => {
        throw new Error(`${hint}; with CI set nothing may be skipped`);
      });
    });
  }
  process.stderr.write(`skipped: ${title}: ${hint}\n`);
  return void describe.skip(`${title} [${hint}]`, () => {
    it.todo(tool.name);
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
