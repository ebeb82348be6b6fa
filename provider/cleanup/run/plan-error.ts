/** A plan file that cannot be used. Nothing was deleted. */
export class PlanError extends Error {
  override readonly name = "PlanError";

  constructor(
    readonly file: string,
    /** Half a sentence: `it is cut off`. */
    readonly problem: string,
    options?: ErrorOptions & { readonly hint?: string },
  ) {
    super(`The plan ${file} cannot be used: ${problem}. ${options?.hint ?? "Make a new plan."}`, options);
  }
}
