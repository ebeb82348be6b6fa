/** A list ended before all its items had come. Whoever deletes on the strength of a list must not take it for complete. */
export class ListError extends Error {
  override readonly name = "ListError";

  constructor(
    /** `GET /registries`. */
    readonly list: string,
    readonly received: number,
    /** Undefined where the server does not count. */
    readonly total: number | undefined,
    problem = `the list ended early: ${received} of ${total} items came, three times over. Run it again when nobody changes the registry.`,
  ) {
    super(`${list}: ${problem}`);
  }
}
