/** A policy, pattern or setting that cannot be understood or contradicts itself. The message says where it stands, what is wrong and what to do. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";

  constructor(
    /** The input, property or file that it stands in: `delete-tags`, `rules[0].tags`. */
    readonly where: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(where === "" ? problem : `${where}: ${problem}`, options);
  }
}
