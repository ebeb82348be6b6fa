import type { Context } from "../declaration";

/**
 * Whether what has the name now is another object than the one that the state speaks of: somebody deleted that one and made this one, which is theirs. Where
 * either id is not known, it is taken for the same.
 */
export const isAnother = (last: string | undefined, now: string): boolean =>
  last !== undefined && last !== "" && now !== "" && last !== now;

/** The same, and says so. `what` is for people: `repository team/app`. */
export function isAnothers({ log }: Context<unknown>, what: string, last: string | undefined, now: string): boolean {
  if (!isAnother(last, now)) return false;
  log(`${what}: the one that this program made is gone; somebody made another one of that name, which is left alone`);
  return true;
}

/** Throws before a change of what is gone, or is another one by now. */
export function expectSame<T extends { readonly id: string }>(what: string, last: string, found: T | undefined): T {
  if (found && !isAnother(last, found.id)) return found;
  throw new Error(
    `${what} is gone${found ? ", and somebody made another one of that name" : ""}: nothing was changed. Run \`pulumi refresh\`, and look what the next \`pulumi up\` says`,
  );
}
