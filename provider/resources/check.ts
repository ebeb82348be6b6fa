import * as z from "zod";
import type { CommonInputs, Declaration, Failure, Raw, Shape } from "./declaration";
import { Duration } from "./duration";
import { holdsUnknown } from "./unknown";

/** The inputs that every resource has. */
export const commonInputs: Shape<CommonInputs> = {
  adopt: z.boolean().optional(),
  timeouts: z
    .strictObject({ create: Duration.optional(), update: Duration.optional(), delete: Duration.optional(), read: Duration.optional() })
    .optional(),
};

/** All inputs of a declaration, common ones included. */
export const inputShape = <I extends CommonInputs, O extends object, C>(declaration: Declaration<I, O, C>): Record<string, z.ZodType> => ({
  ...declaration.inputs,
  ...commonInputs,
});

/**
 * Validates what a program passed. Gives the inputs with defaults filled in, and failures on the properties they belong to.
 * What is not known before `up` is passed through untouched. Pulumi prints the value of the property that a failure names, so a failure
 * on a secret input names none and says it in words.
 */
export function check<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  given: Raw,
  now: number,
): { inputs: Raw; failures: Failure[] } {
  const shape = inputShape(declaration);
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) => failures.push(unprinted(declaration, { property, reason }));

  const inputs: Raw = {};
  let known = true;
  for (const [key, schema] of Object.entries(shape)) {
    const value = given[key] ?? undefined; // null is how an omitted value arrives from some hosts
    if (holdsUnknown(value)) {
      inputs[key] = value;
      known = false;
      continue;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) {
      if (parsed.data !== undefined) inputs[key] = parsed.data;
    } else if (value === undefined) fail(key, "is missing");
    else for (const issue of parsed.error.issues) fail(key, phrase(issue));
  }
  for (const key of Object.keys(given)) {
    if (key in shape || given[key] === undefined || given[key] === null) continue;
    if (key in declaration.outputs) {
      fail(key, `is an output of ${declaration.type} and cannot be given`);
      continue;
    }
    const near = Object.keys(shape).find((name) => name.toLowerCase() === key.toLowerCase());
    fail(
      key,
      `is not an input of ${declaration.type}${near ? `: did you mean ${near}?` : `; its inputs are ${Object.keys(shape).join(", ")}`}`,
    );
  }
  if (inputs.adopt === true && declaration.notAdoptable !== undefined) fail("adopt", declaration.notAdoptable);
  if (known && failures.length === 0) {
    for (const { property, reason } of declaration.rules?.(inputs as unknown as I, now) ?? []) fail(property, reason); // parsed above, key by key
  }
  return { inputs, failures };
}

/** A failure that Pulumi prints no secret for. */
export const unprinted = ({ secretInputs }: { readonly secretInputs?: readonly string[] }, { property, reason }: Failure): Failure =>
  secretInputs?.includes(property) ? { property: "", reason: `${property} ${reason}` } : { property, reason };

/** One sentence for one issue; a value inside a list or an object is named by its path, never by what it holds. */
function phrase(issue: z.core.$ZodIssue): string {
  const where =
    issue.path.length > 0 ? `(${issue.path.map((step) => (typeof step === "number" ? `[${step}]` : String(step))).join(".")}) ` : "";
  if (issue.code === "invalid_type") return `${where}must be a ${issue.expected}`;
  if (issue.code === "invalid_value") return `${where}must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  if (issue.code === "unrecognized_keys") return `${where}has no ${issue.keys.join(", ")}`;
  return `${where}${issue.message}`;
}
