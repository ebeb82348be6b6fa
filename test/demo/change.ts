import type { Op, PlainResource, Result } from "../engine";

/** What became of one resource, fit for a line of a table. */
export interface Change {
  readonly sign: "+" | "~" | "-" | "±" | "✗";
  /** `oci.Tag`: as the program names it. */
  readonly type: string;
  readonly name: string;
  /** `digest: sha256:1a2b… → sha256:3c4d…`, what an update changed; empty otherwise. */
  readonly details: readonly string[];
}

const SIGNS: Readonly<Partial<Record<Op, Change["sign"]>>> = { create: "+", update: "~", delete: "-", replace: "±" };
/** Follow from other properties, or tell the time. */
const DERIVED = new Set(["reference", "dockerConfigJson", "updatedAt", "finishedAt", "expiration", "adopt"]);

/** The steps of an operation that changed something, or failed to (✗), those of one kind together. `before` and `after`: the state. */
export function changesOf(result: Result, before: readonly PlainResource[], after: readonly PlainResource[]): Change[] {
  const failed = new Set(result.diagnostics.flatMap(({ severity, urn }) => (severity === "error" && urn !== undefined ? [urn] : [])));
  const changes = result.steps.flatMap(({ op, urn, type, name }) => {
    const meant = SIGNS[op];
    if (meant === undefined) return [];
    const sign = failed.has(urn) ? "✗" : meant;
    const [old, now] = [before, after].map((state) => state.find((resource) => resource.urn === urn)?.outputs ?? {});
    return [{ sign, type: shortType(type), name, details: op === "update" ? differences(old ?? {}, now ?? {}) : [] }];
  });
  return changes.sort((a, b) => a.type.localeCompare(b.type) || a.name.localeCompare(b.name));
}

/** `pulumi-nodejs:dynamic/oci:Tag` -> `oci.Tag`. */
const shortType = (type: string): string => type.replace(/^.*\//, "").replace(":", ".");

function differences(old: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((key) => !DERIVED.has(key) && JSON.stringify(old[key]) !== JSON.stringify(now[key]))
    .sort()
    .map((key) => `${key}: ${shown(old[key])} → ${isSecret(now[key]) ? "[another secret]" : shown(now[key])}`);
}

/** A value as people read it in a line; never a secret. */
export function shown(value: unknown): string {
  if (isSecret(value)) return "[secret]";
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/sha256:([0-9a-f]{8})[0-9a-f]{56}/g, "sha256:$1…");
}

const isSecret = (value: unknown): boolean => typeof value === "object" && value !== null && "secret" in value;
