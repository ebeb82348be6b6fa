/** One shape for what both engines report, so that results of one scenario can be compared with `toEqual`. */
import type { Diagnostic, Op, Result, Step } from "./engine";
import { STACK_TYPE } from "./state";

/** What the engine adds when a replacement is carried out; its own summary counts the `replace` only. */
const PARTS_OF_A_REPLACEMENT: ReadonlySet<Op> = new Set(["create-replacement", "delete-replaced", "discard-replaced"]);
/** Added by the real engine to every failure; says nothing of its own. */
const EPILOGUE = /^(update|preview|refresh|destroy) failed$/;
/** The real engine's remark on plugins that it finds on PATH; an ordinary installation has them beside `pulumi`. */
export const AMBIENT_PLUGIN = /^using pulumi-\S+ from \$PATH at /;
/** Advice that follows the list of interrupted operations. */
const PENDING_ADVICE = /These resources are in an unknown state[\s\S]*$/;

export function isShown(type: string, urn: string): boolean {
  return type !== STACK_TYPE && !(type.startsWith("pulumi:providers:") && /::default(_[^:]*)?$/.test(urn));
}

export function buildResult(raw: Result): Result {
  const shown = raw.steps.filter((step) => isShown(step.type, step.urn));
  // Array.prototype.sort is stable: the order within one resource stays.
  const steps = [...shown].sort((a, b) => compare(a.urn, b.urn));
  return { ...raw, steps, changes: count(steps), diagnostics: raw.diagnostics.flatMap(normalise) };
}

function count(steps: readonly Step[]): Result["changes"] {
  const changes: Partial<Record<Op, number>> = {};
  for (const { op } of steps) if (!PARTS_OF_A_REPLACEMENT.has(op)) changes[op] = (changes[op] ?? 0) + 1;
  return changes;
}

function normalise(diagnostic: Diagnostic): Diagnostic[] {
  const message = diagnostic.message.replace(PENDING_ADVICE, "").trim();
  if (message === "" || EPILOGUE.test(message) || AMBIENT_PLUGIN.test(message)) return [];
  const { severity, urn } = diagnostic;
  return [urn === undefined || urn === "" || urn.includes(`::${STACK_TYPE}::`) ? { severity, message } : { severity, message, urn }];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
