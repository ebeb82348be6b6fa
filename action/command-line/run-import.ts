import { access, constants, lstat, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { splitPatterns } from "../../provider/cleanup/policy/patterns";
import { spelt } from "../../provider/cleanup/policy/spelling";
import { problemOf } from "../../provider/cleanup/run/problem";
import { type ImportResult, importRegistry } from "../../provider/import";
import { counted } from "../cleanup/counted";
import { connectionFields, connectionOf } from "../connection-fields";
import { connectionInputs } from "../connection-inputs";
import { connectionProblems } from "../connection-problems";
import { type Environment, readInputs } from "../environment";
import { InputError, type Problem } from "../input-error";
import { KnownSecrets } from "../known-secrets";
import { Log } from "../log";
import { logLine } from "../log-line";
import { readFields } from "../read-fields";
import { parsed } from "./action-environment";
import { connectionOptionNames } from "./connection-options";
import { type ExitCode, exitCodes } from "./exit-codes";
import type { Terminal } from "./terminal";
import { TokenWorkflow } from "./token-workflow";
import { UsageError } from "./usage-error";
import type { World } from "./world";

export interface ImportRequest {
  readonly env: Environment;
  readonly folder: string;
  /** Globs as the actions take them. */
  readonly include: string | undefined;
  readonly kinds: readonly string[] | undefined;
  readonly concurrency: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
}

/** Things that were left out are told one by one up to this number; the document of `--json` has all. */
const mostSkipped = 20;

/** Reads a registry and writes its two files. Throws UsageError before anything is sent. */
export async function runImport(request: ImportRequest, world: World, terminal: Terminal): Promise<ExitCode> {
  const { env, include, kinds } = request;
  const connection = parsed(() => connectionIn(env), connectionOptionNames);
  const concurrency = wholeNumber(request.concurrency);
  const folder = path.resolve(request.folder);
  const files = { importFile: path.join(folder, "import.json"), program: path.join(folder, "index.ts") };
  await expectWritable(folder);
  await expectRoom(files, request.force);
  // All that is said beside the result goes to stderr.
  const workflow = new TokenWorkflow(terminal);
  const secrets = new KnownSecrets(workflow);
  secrets.add(connection);
  const log = new Log(workflow, secrets.redact);
  let result: ImportResult;
  try {
    result = await importRegistry({
      type: connection.type,
      connection,
      ...(include !== undefined && { include: splitPatterns(include) }),
      ...(kinds && { kinds }),
      open: { env, ...(concurrency !== undefined && { concurrency }), name: (setting) => `--${spelt(setting, "kebab-case")}` },
      signal: world.signal,
      onProgress: ({ kind, done, total }) => terminal.progress(`${kind}: ${done}${total === undefined ? "" : ` of ${total}`} read`),
      log: (line) => log.warning(line.replace(/^(?=include: )/, "--")),
    });
    world.signal.throwIfAborted();
    await write(files, result, request.force, world.random);
  } catch (error) {
    if (isMistake(error)) throw new UsageError([secrets.redact(error.message.replace(/^(?=kinds: |include: )/, "--"))]);
    log.error(world.signal.aborted ? "Interrupted. Nothing was written." : problemOf(error));
    return exitCodes.failed;
  }
  terminal.clear();
  for (const { what, why } of result.skipped.slice(0, mostSkipped)) log.info(`Not imported: ${what}: ${why}`);
  if (result.skipped.length > mostSkipped) log.info(`Not imported: ${result.skipped.length - mostSkipped} more; --json shows all.`);
  if (result.resources.length === 0)
    log.warning("Nothing was found to import, so the files are empty. Look at --include and --kinds, and at what this user may read.");
  tell(request, result, files, terminal);
  return exitCodes.done;
}

/** What is wrong with the options is found before anything is sent. By name: the import is no part of this bundle, and neither are its classes. */
const isMistake = (error: unknown): error is Error =>
  error instanceof Error &&
  (["ConnectionError", "PolicyError"].includes(error.name) || (error.name === "RangeError" && error.message.startsWith("kinds: ")));

/** The connection as the actions read it. Throws InputError. */
function connectionIn(env: Environment): ReturnType<typeof connectionOf> {
  const { raw } = readInputs(env, connectionInputs);
  const problems: Problem[] = [];
  const fields = readFields(z.object(connectionFields), raw, problems);
  if (problems.length === 0) problems.push(...connectionProblems(raw));
  if (problems.length > 0) throw new InputError(problems);
  return connectionOf(fields);
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 256) return value;
  throw new UsageError([`--concurrency: ${JSON.stringify(text)} cannot be: give a whole number from 1 to 256.`]);
}

/** Throws UsageError where a folder cannot be written or made: found out now and not when a large registry was read. */
async function expectWritable(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found && folder !== path.dirname(folder)) return expectWritable(path.dirname(folder));
  const isWritable = found?.isDirectory() === true && (await access(folder, constants.W_OK).then(always, never));
  if (!isWritable)
    throw new UsageError([`--out: ${path.relative(".", folder) || "."} is no folder that can be written. Choose another one.`]);
}

const always = (): boolean => true;
const never = (): boolean => false;

/** Throws UsageError where a file cannot take its place. A link is looked at itself, not what it points to. */
async function expectRoom(files: Files, force: boolean): Promise<void> {
  const there: string[] = [];
  for (const file of Object.values(files)) {
    const found = await lstat(file).catch(() => undefined);
    if (found?.isDirectory())
      throw new UsageError([`${path.relative(".", file)} is a folder. Choose another one for both files with --out.`]);
    if (found && !force) there.push(path.relative(".", file));
  }
  if (there.length > 0)
    throw new UsageError([`${there.join(" and ")} would be overwritten. Choose another folder with --out, or give --force.`]);
}

/**
 * Two files that take their places when both are written; only a kill between the two renames leaves one alone. The import file holds what the server shows,
 * which need not be for everybody; a file that is overwritten would keep its mode, and whoever has it open.
 */
async function write(files: Files, result: ImportResult, force: boolean, random: World["random"]): Promise<void> {
  const suffix = `.${Buffer.from(random()).toString("hex")}`;
  const drafts = { importFile: `${files.importFile}${suffix}`, program: `${files.program}${suffix}` };
  await mkdir(path.dirname(files.importFile), { recursive: true });
  const flag = "wx";
  try {
    await writeFile(drafts.importFile, `${JSON.stringify(result.importFile, null, 2)}\n`, { mode: 0o600, flag });
    await writeFile(drafts.program, result.program, { flag });
    // Reading a large registry takes a while: something may have come there meanwhile.
    await expectRoom(files, force);
    await rename(drafts.importFile, files.importFile);
    await rename(drafts.program, files.program);
  } finally {
    await Promise.all(Object.values(drafts).map((draft) => rm(draft, { force: true })));
  }
}

interface Files {
  readonly importFile: string;
  readonly program: string;
}

function tell({ folder, json }: ImportRequest, { resources, secrets, skipped }: ImportResult, files: object, terminal: Terminal): void {
  const next =
    resources.length === 0
      ? []
      : [
          ...secrets.map(({ key }) => `pulumi config set --secret ${key}`),
          "pulumi import --file import.json --generate-code=false",
          "pulumi preview",
          "pulumi up && rm import.json  # sends nothing; the file is as secret as the state",
        ];
  if (json) {
    terminal.line(JSON.stringify({ files, resources, secrets, skipped, next }, null, 2));
    return;
  }
  terminal.line(
    `${counted(resources.length, "resource")} in ${path.join(folder, "import.json")} and ${path.join(folder, "index.ts")}${next.length === 0 ? "" : ":"}`,
  );
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, count] of counts) terminal.line(`  ${count} ${type.replace(/^.*\//, "")}`);
  if (next.length === 0) return;
  terminal.line(terminal.paint("bold", `Next, in ${folder} as a Pulumi project (Pulumi.yaml, this package installed):`));
  terminal.line("  # the settings that the first lines of index.ts name");
  for (const { key, comment } of secrets) terminal.line(`  pulumi config set --secret ${key}  # ${logLine(comment)}`);
  for (const line of next.slice(secrets.length)) terminal.line(`  ${line}`);
}
