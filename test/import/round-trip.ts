import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type ImportOptions, type ImportResult, importRegistry } from "../../provider/import";
import { configuration } from "../e2e/world";
import { type Engine, engines, makeProgram, packOnce, type Result, type Stack } from "../engine";
import type { Sandbox } from "../sandbox";

/** What an import gave, in a stack of its own. */
export interface Imported {
  readonly result: ImportResult;
  readonly stack: Stack;
  /** What `pulumi import` said. */
  readonly import: Result;
}

/** The engine that can import. The embedded one of the tests cannot, so without the real one there is nothing to try. */
export async function importingEngine(): Promise<Engine | undefined> {
  return (await engines()).find(({ kind }) => kind === "real"); // throws with CI=true where there is none
}

/** The inputs of a resource as the import file has them, secrets in clear. */
export function inputsOf({ importFile, resources }: ImportResult, index: number): Readonly<Record<string, unknown>> {
  const { resources: entries } = importFile as { resources: { inputs: Record<string, unknown> }[] };
  if (!resources[index]) throw new Error(`there is no resource ${index}`);
  return Object.fromEntries(
    Object.entries(entries[index]?.inputs ?? {}).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null && "plaintext" in value ? JSON.parse(String(value.plaintext)) : value,
    ]),
  );
}

/** Imports a registry the way its documentation says, and runs something on what comes of it. */
export async function roundTrip(
  sandbox: Sandbox,
  options: ImportOptions,
  run: (imported: Imported) => Promise<void>,
): Promise<ImportResult> {
  const engine = await importingEngine();
  const result = await importRegistry(options);
  if (!engine) {
    process.stderr.write("the real Pulumi engine is missing, and the embedded one has no import: the round trip ends with the files\n");
    return result;
  }
  const program = makeProgram({ files: { "index.ts": result.program }, module: "typescript", tarball: await packOnce() });
  const scratch = mkdtempSync(path.join(tmpdir(), "import-"));
  const file = path.join(scratch, "import.json");
  writeFileSync(file, JSON.stringify(result.importFile), { mode: 0o600 });
  const secrets = Object.fromEntries(
    result.secrets.map(({ key, comment }) => {
      // As a person does: the comment says which input of which resource it is.
      const [, input = "", kind, label] = /^(\w+) of (\w+) (\S+):/.exec(comment) ?? [];
      const index = result.resources.findIndex(({ type, name }) => type.endsWith(`:${kind}`) && name === label);
      return [key, { secret: String(inputsOf(result, index)[input]) }];
    }),
  );
  const stack = await engine.open({
    dir: program.dir,
    env: { HOME: scratch, DOCKER_CONFIG: scratch },
    config: { ...configuration(sandbox), ...secrets },
  });
  try {
    const imported = await stack.importFile?.(file);
    if (!imported) throw new Error("the real engine imports");
    await run({ result, stack, import: imported });
  } finally {
    await stack.close();
    program.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
  return result;
}
