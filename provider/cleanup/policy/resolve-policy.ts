import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { type KeepListOptions, readKeepList } from "./keep-list";
import { splitPatterns } from "./patterns";
import type { Policy } from "./policy";
import { PolicyError } from "./policy-error";
import type * as PolicyFile from "./policy-file";
import { settingNames } from "./policy-settings";
import { cautions, policyFromSelectors, refuseBesidePolicy, type Selectors } from "./selectors";
import { type Spelling, spelt } from "./spelling";

/** All that decides what may go: selectors or a policy, and lists of what must stay. */
export interface CleanupSelection extends Selectors {
  /** In place of selectors: the path of a YAML file, its text, or a policy as data. Guards and bounds may stand beside it. */
  readonly policy?: string | Policy;
  /** Digests (count for every repository) and references of this registry that stay, with all that hangs on them. */
  readonly keepDigests?: KeepListOptions["keepDigests"];
  /** Paths of files in which every image reference names something that stays: stack outputs, rendered manifests, pod lists. */
  readonly keepList?: KeepListOptions["keepList"];
}

export interface SelectionContext {
  /** Host of the registry, with port if there is one: `ImageRegistry.name`. */
  readonly registry: string;
  /** Where relative paths start. */
  readonly workspace: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Default: reads the file system. */
  readonly readFile?: (file: string) => Promise<Uint8Array>;
  /** How settings are spelt in messages. Default `camelCase`. */
  readonly spelling?: Spelling;
}

export interface ResolvedPolicy {
  readonly policy: Policy;
  /** What the reader should know: keep-lists that name nothing, selectors that mean more than they seem to. */
  readonly warnings: readonly string[];
  /** What was found in keep-lists. */
  readonly notes: readonly string[];
}

/** Reads everything that a selection names and makes one policy of it. Throws PolicyError, for files that cannot be read, too. */
export async function resolvePolicy(selection: CleanupSelection, context: SelectionContext): Promise<ResolvedPolicy> {
  const { registry, workspace, now, spelling } = context;
  const name = (key: string): string => spelt(key, spelling);
  const { keepDigests = [], keepList = [] } = selection;
  if (isEmpty(selection.policy))
    policyFromSelectors(selection, { now, ...(spelling && { spelling }) }); // mistakes first, files afterwards
  else refuseBesidePolicy(selection, spelling);
  const read = context.readFile ?? readFile;
  const { keep, warnings, notes } = await readKeepList({ keepDigests, keepList, registry, workspace, readFile: read, name });
  const shared = { keep, now, ...(spelling && { spelling }) };
  const { policy: given } = selection;
  if (isEmpty(given)) {
    return { policy: policyFromSelectors(selection, shared), warnings: [...cautions(selection, spelling), ...warnings], notes };
  }
  if (typeof given === "object") return { policy: withKept(given, keep, selection, name), warnings, notes };
  const { text, file } = await policyText(given, workspace, read, name("policy"));
  const { repositories } = selection;
  const beside = typeof repositories === "string" ? splitPatterns(repositories) : repositories;
  // Loaded only where there is a policy: a run without one gets to its first request sooner.
  const { policyFromYaml } = require("./policy-file") as typeof PolicyFile;
  const policy = policyFromYaml(text, { ...shared, file, settings: selection, ...(beside?.length && { repositories: beside }) });
  return { policy, warnings, notes };
}

const isEmpty = (given: string | Policy | undefined): given is undefined | "" =>
  given === undefined || (typeof given === "string" && given.trim() === "");

function withKept(policy: Policy, keep: Policy["keep"], beside: CleanupSelection, name: (key: string) => string): Policy {
  const given = [...settingNames, "repositories" as const].filter((key) => beside[key] !== undefined);
  if (given.length > 0) {
    throw new PolicyError(given.map(name).join(", "), `cannot stand beside a ${name("policy")} that is given as data: set it there.`);
  }
  return {
    ...policy,
    keep: { digests: [...policy.keep.digests, ...keep.digests], references: [...policy.keep.references, ...keep.references] },
  };
}

/** Whether a policy is given as its text: a path has neither lines nor keys with values. */
export const isInline = (given: string): boolean => /[\r\n]|:\s|^\s*\{/.test(given.trim());

async function policyText(
  given: string,
  workspace: string,
  read: (file: string) => Promise<Uint8Array>,
  where: string,
): Promise<{ readonly text: string; readonly file: string }> {
  if (isInline(given)) return { text: given, file: where };
  const file = given.trim();
  try {
    return { text: new TextDecoder().decode(await read(path.resolve(workspace, file))), file };
  } catch (error) {
    throw new PolicyError(
      where,
      `the file ${file} cannot be read (${error instanceof Error ? error.message : String(error)}). Relative paths start at ${workspace}; a policy can also be given as text.`,
      { cause: error },
    );
  }
}
