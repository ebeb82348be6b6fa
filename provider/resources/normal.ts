import type { Raw } from "./declaration";

/**
 * A value as Pulumi's wire can carry it: plain JSON without `undefined`. The SDK throws on an `undefined` at any depth *after* the object exists,
 * and Pulumi would lose the object; dates would silently become `{}`, so they are an error here.
 */
export function normal(value: Raw, where: string): Raw {
  const walk = (item: unknown, path: string): unknown => {
    if (item === null || typeof item === "string" || typeof item === "boolean") return item;
    if (typeof item === "number") {
      if (!Number.isFinite(item)) throw new TypeError(`${where}: ${path} is not a finite number`);
      return item;
    }
    if (Array.isArray(item))
      return item.filter((element) => element !== undefined).map((element, index) => walk(element, `${path}[${index}]`));
    if (typeof item === "object" && (Object.getPrototypeOf(item) === Object.prototype || Object.getPrototypeOf(item) === null)) {
      return Object.fromEntries(
        Object.entries(item)
          .filter(([, member]) => member !== undefined)
          .map(([key, member]) => [key, walk(member, path ? `${path}.${key}` : key)]),
      );
    }
    throw new TypeError(`${where}: ${path} is ${Object.prototype.toString.call(item)}, which state cannot hold`);
  };
  return walk(value, "") as Raw; // an object walks to an object
}

// How the engine marks a secret on the wire; see `sdk/nodejs/runtime/rpc.ts`.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Marks values as secret from inside the provider: `additionalSecretOutputs` alone is lost when another SDK reads the state. */
export function markSecrets(outputs: Raw, names: readonly string[]): Raw {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      names.includes(key) && value !== undefined ? { [SIGNATURE]: SECRET, value } : value,
    ]),
  );
}
