import { isGone } from "../../registries/dtr";

/** Undefined where the server says that what was asked for does not exist. `codes` as for `isGone`. */
export async function unlessGone<T>(asked: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isGone(error, ...codes)) return undefined;
    throw error;
  }
}
