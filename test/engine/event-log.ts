/** What the real engine writes with `--event-log`: one JSON object a line (sdk/go/common/apitype/events.go). */
import { existsSync, readFileSync } from "node:fs";
import type { Diagnostic, Op, Step } from "./engine";
import { maskSecret } from "./plain-state";
import { STACK_TYPE, urnName } from "./state";
import { decodeMap, encodeMap, type Json, SECRET_SIGNATURE, SIGNATURE } from "./values";

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly keys?: readonly string[] | null;
  readonly diffs?: readonly string[] | null;
  readonly new?: { readonly outputs?: Record<string, unknown> | null } | null;
}

interface Event {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: { readonly urn?: string; readonly message: string; readonly severity: string };
}

export interface EventLog {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  /** The root stack's, with secrets masked. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

const OPS: ReadonlySet<string> = new Set<Op>([
  ...(["create", "same", "update", "delete", "read", "discard", "import"] as const),
  ...(["replace", "create-replacement", "delete-replaced", "discard-replaced"] as const),
]);

/** `refresh`: the op of a step is what came of reading, which only its end tells. */
export function readEventLog(file: string, refresh: boolean): EventLog {
  const events = existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(parse) : [];
  const steps: Step[] = [];
  const diagnostics: Diagnostic[] = [];
  let outputs: Record<string, unknown> = {};
  for (const event of events) {
    const step = (refresh ? event.resOutputsEvent : event.resourcePreEvent)?.metadata;
    if (step !== undefined && OPS.has(step.op)) steps.push(toStep(step));
    const root = event.resOutputsEvent?.metadata;
    if (root?.type === STACK_TYPE) outputs = root.new?.outputs ?? {};
    if (event.diagnosticEvent !== undefined) diagnostics.push(...toDiagnostic(event.diagnosticEvent));
  }
  return { steps, diagnostics, outputs: masked(outputs) };
}

function toStep({ op, urn, type, keys, diffs }: Metadata): Step {
  const detail = {
    ...(keys !== null && keys !== undefined && keys.length > 0 ? { keys: [...keys].sort() } : {}),
    ...(diffs !== null && diffs !== undefined && diffs.length > 0 ? { diffs: [...new Set(diffs)].sort() } : {}),
  };
  return { op: op as Op, urn, type, name: urnName(urn), ...detail }; // OPS holds it, see above
}

function toDiagnostic({ severity, message, urn }: NonNullable<Event["diagnosticEvent"]>): Diagnostic[] {
  if (severity === "debug") return [];
  const level = severity === "error" || severity === "warning" ? severity : "info";
  return [urn === undefined ? { severity: level, message } : { severity: level, message, urn }];
}

/** The last line of a killed engine may be half written. */
function parse(line: string): Event[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as Event]; // the engine's own format, see above
  } catch {
    return [];
  }
}

/** The event log's `[secret]` envelopes in the form that results have. */
function masked(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const open = (json: Json): Json => {
    if (typeof json !== "object" || json === null) return json;
    if (Array.isArray(json)) return json.map(open);
    const map = json as { readonly [key: string]: Json }; // neither null nor array
    if (map[SIGNATURE] === SECRET_SIGNATURE) return { [SIGNATURE]: SECRET_SIGNATURE, value: null };
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, open(value)]));
  };
  // An event is JSON throughout.
  const json = open(outputs as { readonly [key: string]: Json }) as { readonly [key: string]: Json };
  return encodeMap(decodeMap(json), maskSecret);
}
