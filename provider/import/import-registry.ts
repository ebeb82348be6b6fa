import { withSignal } from "../http";
import type { Existing } from "./found";
import { importFile } from "./import-file";
import { nameAll } from "./names";
import { openSource } from "./open-source";
import { type Entry, writeProgram } from "./program";
import { readObjects } from "./read-objects";
import type { Source } from "./source";
import { Survey } from "./survey";
import type { ImportOptions, ImportResult } from "./types";

/**
 * Reads a live registry and writes what Pulumi needs to manage it: an import file, and a program of the same resources whose first preview is empty.
 * Only reads. Throws ConnectionError for settings that cannot be used, PolicyError for globs, RegistryError where the registry cannot be
 * read at all, and the signal's reason.
 */
export async function importRegistry(options: ImportOptions): Promise<ImportResult> {
  const source = await openSource(options);
  try {
    const survey = new Survey(options, kindsOf(source, options.kinds), source.isWelcome);
    await withSignal(survey.signal, () => source.find(survey));
    survey.unique();
    for (const pattern of survey.unmatched()) options.log?.(`include: nothing of these kinds that this user may see is called ${pattern}`);
    const read = await readObjects(source, survey, options);
    options.signal?.throwIfAborted();
    const entries = inOrder(source, read);
    const { program, secrets } = writeProgram(source, entries);
    return {
      importFile: importFile(entries.map(({ existing, names }) => ({ existing, name: names.resource }))),
      program,
      secrets,
      resources: entries.map(({ existing: { type, id }, names }) => ({ type: `pulumi-nodejs:dynamic/${type}`, name: names.resource, id })),
      skipped: [...survey.skipped].sort((a, b) => compare(a.what, b.what)),
    };
  } catch (error) {
    // What a request says that was cut off is not what the caller wants to hear.
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await source.close();
  }
}

function kindsOf({ kinds, askedFor, module }: Source, asked: readonly string[] | undefined): ReadonlySet<string> {
  if (asked === undefined || asked.length === 0) return new Set(kinds.filter((kind) => !askedFor.includes(kind)));
  const known = new Map(kinds.map((kind) => [kind.toLowerCase(), kind]));
  return new Set(
    asked.map((kind) => {
      const found = known.get(kind.toLowerCase());
      if (found === undefined) throw new RangeError(`kinds: ${module} has no ${kind} to import; there are ${kinds.join(", ")}`);
      return found;
    }),
  );
}

/** Sections, then what belongs together, then kinds, then names: the same program whatever order the server lists in. */
function inOrder({ kinds }: Source, read: readonly Existing[]): Entry[] {
  const sorted = [...read].sort(
    (a, b) =>
      a.section.rank - b.section.rank ||
      compare(a.section.title, b.section.title) ||
      compare(a.under ?? "", b.under ?? "") ||
      kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
      compare(a.label, b.label) ||
      compare(a.id, b.id),
  );
  const names = nameAll(sorted);
  return sorted.flatMap((existing, index) => {
    const given = names[index];
    return given ? [{ existing, names: given }] : [];
  });
}

/** By code points: the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
