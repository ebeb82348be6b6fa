import { devNull } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { systemClock, withSignal } from "../http";
import { InvalidName } from "../registries/oci/invalid-name";
import { Attempts } from "../resources/attempts";
import type { Context, Failure, Raw } from "../resources/declaration";
import type { Lifecycle } from "../resources/lifecycle";
import { type Managed, managedType, providerText } from "../resources/resource";
import type { Existing, Found } from "./found";
import type { Source } from "./source";
import type { Survey } from "./survey";
import type { ImportOptions } from "./types";

/** Milliseconds that one read may take, as with `refresh`. */
const READ = 300_000;

/**
 * Reads all objects the way their resources do, so that the state which comes of them is the one that a `refresh` would write. Leaves out, with the
 * reason, what cannot be read, and what no program could declare as it is.
 */
export async function readObjects(source: Source, survey: Survey, options: ImportOptions): Promise<Existing[]> {
  const kinds = new Map<string, Kind>();
  const kindOf = async (name: string): Promise<Kind> => {
    const known = kinds.get(name) ?? (await openKind(`${source.module}:${name}`, options));
    kinds.set(name, known);
    return known;
  };
  for (const name of new Set(survey.found.map(({ kind }) => kind))) await kindOf(name);
  const totals = new Map<string, number>();
  for (const { kind } of survey.found) totals.set(kind, (totals.get(kind) ?? 0) + 1);
  const done = new Map<string, number>();
  const results = new Map<Found, Existing>();
  await survey.each(survey.found, async (found) => {
    const existing = await read(source, await kindOf(found.kind), found, survey, options);
    if (typeof existing === "string") survey.skip(`${found.kind} ${found.label}`, existing);
    else results.set(found, existing);
    const count = (done.get(found.kind) ?? 0) + 1;
    done.set(found.kind, count);
    options.onProgress?.({ kind: found.kind, done: count, total: totals.get(found.kind) ?? count });
  });
  return survey.found.flatMap((found) => results.get(found) ?? []);
}

interface Kind {
  readonly managed: Managed;
  /** Asked what needs no server: `check` and `diff`. */
  readonly lifecycle: Lifecycle;
  readonly defaults: Raw;
}

async function openKind(type: string, { open = {}, log }: ImportOptions): Promise<Kind> {
  const managed = managedType(type);
  if (!managed) throw new Error(`there is no resource ${type}: this is a defect of registry-as-code`);
  const clock = open.clock ?? systemClock;
  // No folder: an import begins nothing that would have to be remembered.
  const attempts = new Attempts(devNull, () => clock.now());
  const lifecycle = managed.provider({ env: {}, clock, attempts, log: log ?? (() => undefined) });
  const { inputs } = await lifecycle.check({}, {});
  return { managed, lifecycle, defaults: withoutProvider(inputs) };
}

/** What the state will hold, or why there is none. */
async function read(source: Source, kind: Kind, found: Found, survey: Survey, options: ImportOptions): Promise<Existing | string> {
  const { managed, lifecycle, defaults } = kind;
  const clock = options.open?.clock ?? systemClock;
  const signal = AbortSignal.any([survey.signal, AbortSignal.timeout(READ)]);
  const context: Context<unknown> = {
    client: source.client,
    signal,
    deadline: clock.now() + READ,
    clock,
    log: options.log ?? (() => undefined),
  };
  const { id, given = {} } = found;
  let state: Awaited<ReturnType<Managed["existing"]>>;
  try {
    state = await withSignal(signal, () => managed.existing(context, id, given));
  } catch (error) {
    // What a server lists need not be a name that programs can use.
    if (error instanceof InvalidName) return undeclarable([error.message]);
    const why = await survey.reasonToSkip(error);
    if (why === undefined) throw error;
    return why;
  }
  if (!state) return "it is empty, or was deleted meanwhile";
  const inputs = { ...state.inputs };
  const outputs = { ...state.outputs };
  source.adjust?.(found.kind, inputs, outputs);
  const checked = await lifecycle.check({}, { ...inputs });
  const failures: readonly Failure[] = checked.failures ?? [];
  if (failures.length > 0) return undeclarable(failures.map(({ property, reason }) => `${property} ${reason}`.trim()));
  const full = withoutProvider(checked.inputs);
  const diff = await lifecycle.diff(id, outputs, { ...full, __provider: providerText(managed.type) });
  if (diff.changes !== false) {
    const changed = Object.keys(full).filter((name) => !isDeepStrictEqual(full[name], outputs[name]));
    const why =
      changed.length === 0 ? "because it is not active, or not ready yet" : `because no program can leave as it is: ${changed.join(", ")}`;
    return `the first \`pulumi up\` would change it, ${why}`;
  }
  const { secretNames, secretInputs, type } = managed;
  return { ...found, type, inputs: full, outputs, secretNames, secretInputs, defaults };
}

const undeclarable = (problems: readonly string[]): string => `no program could declare it as it is: ${problems.join("; ")}`;

function withoutProvider(inputs: unknown): Raw {
  const { __provider, ...rest } = (inputs ?? {}) as Raw; // what `check` gives is an object
  return rest;
}
