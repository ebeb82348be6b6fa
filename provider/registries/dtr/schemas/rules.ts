import { z } from "zod";
import { list, text } from "./shape";

/**
 * A condition on tags. Known fields and operators (description of DTR 2.6): `tag` with eq, sw, ew, c, oo, noo; `license.name` and `component.name` with oo, noo;
 * `vulnerability_all`, `vulnerability_critical`, `vulnerability_major`, `vulnerability_minor` with gte, gt, eq, neq, lte, lt; `updated_at` (a time)
 * and `updated_at_duration` (`12h`) with bf, af. Later versions know more.
 */
export interface Rule {
  readonly field: string;
  readonly operator: string;
  /** Texts, numbers too: `["10"]`. Only `oo` (one of) and `noo` (not one of) take several. */
  readonly values: readonly string[];
}

export const Rule: z.ZodType<Rule> = z.object({ field: text, operator: text, values: list(z.string()) });
export const rules = list(Rule);
