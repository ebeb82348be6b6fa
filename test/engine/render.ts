/** The embedded engine's own words: what was done, for people who look over its shoulder. */
import type { Op, Result } from "./engine";

const SIGNS: Readonly<Record<Op, string>> = {
  create: "+ ",
  same: "  ",
  update: "~ ",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  delete: "- ",
  read: "> ",
  discard: "< ",
  "discard-replaced": "<<",
  import: "= ",
};

export function render(operation: string, result: Result): string {
  const steps = result.steps.filter((step) => step.op !== "same");
  const lines = steps.map((step) => ` ${SIGNS[step.op]} ${step.type} ${step.name} ${step.op}${reasons(step.keys ?? step.diffs)}`);
  const told = result.diagnostics.filter(({ severity }) => severity !== "info");
  const diagnostics = told.map(
    ({ severity, message, urn }) => ` ${severity}: ${urn === undefined ? "" : `${urn.split("::").slice(2).join(" ")}: `}${message}`,
  );
  const counts = Object.entries(result.changes).map(([op, count]) => `${count} ${op}`);
  return [`${operation} (embedded test engine)`, ...lines, ...diagnostics, ` ${counts.join(", ") || "nothing to do"}`, ""].join("\n");
}

function reasons(keys: readonly string[] | undefined): string {
  const named = (keys ?? []).filter((key) => !key.startsWith("__"));
  return named.length === 0 ? "" : ` [${named.join(", ")}]`;
}
