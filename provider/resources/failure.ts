import type { Raw } from "./declaration";

/** Thrown by `create`, `adopt` or `update` when the object exists but is not as declared: Pulumi keeps it in the state with the reasons and tries again at the next `up`. */
export class Incomplete<Outputs extends object = object> extends Error {
  override readonly name = "Incomplete";
  constructor(
    readonly id: string,
    readonly outputs: Partial<Outputs>,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("; "));
  }
}

/** Thrown by `create` when it made nothing, and what may be there is somebody else's: the next `up` must not take that for its own. */
export class NothingMade extends Error {
  override readonly name = "NothingMade";
}

/** An error as Pulumi prints it: the message alone, no stack, no cause that could hold a secret. */
export class ResourceError extends Error {
  override readonly name: string = "ResourceError";
  constructor(message: string) {
    super(message);
    this.stack = "";
  }
  /** The dynamic-provider process prints errors of check, diff, read and delete as `${error}: ${error.stack}`. */
  override toString(): string {
    return this.message;
  }
}

/** What the dynamic-provider process packs as "initialization failed": the object stays in the state. */
export class InitializationError extends ResourceError {
  override readonly name = "InitializationError";
  constructor(
    message: string,
    readonly id: string,
    /** Must hold `__provider`, or the object could never be refreshed or deleted again. */
    readonly properties: Raw,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}

/** Turns whatever was thrown into an error that says what was tried on which object. */
export function forPeople(error: unknown, what: string): ResourceError {
  if (error instanceof ResourceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ResourceError(`${what}: ${message}`);
}
