import type { CallOptions } from "../call";
import type { CreateToken, SelectelClient } from "./client";
import type { Registry, TokenWithSecret } from "./schemas";

type Options = Pick<CallOptions, "signal" | "timeouts">;

/**
 * Creates a registry and never leaves one behind: if the answer is lost, the registry of that name that was not there before is taken for the
 * answer. Registry names are unique within the service, and one that was there before stays somebody else's: then the service's 409 is thrown.
 * The registry is CREATING at first: keep its id, then `waitForRegistry`.
 */
export async function createRegistry(client: SelectelClient, name: string, options: Options = {}): Promise<Registry> {
  const named = async () =>
    (await collect(client.v1.registries.list({ search: name }, options))).filter((registry) => registry.name === name);
  const before = ids(await named());
  const find = async () => (await named()).find((registry) => !before.has(registry.id));
  return client.v1.registries.create({ name }, { ...options, find });
}

/**
 * Creates a named token and never leaves one behind whose secret nobody knows: if the answer is lost, the one token of that name that
 * was not there before is regenerated, which gives its secret. Give a name that nobody else uses at the same time: names are not unique
 * for the service, and a twin that somebody else creates in the same moment cannot be told apart. If there are two candidates, or no name
 * was given, the error of the lost answer is thrown.
 */
export async function createToken(client: SelectelClient, token: CreateToken, options: Options = {}): Promise<TokenWithSecret> {
  const { name } = token;
  if (name === undefined) return client.v2.tokens.create(token, options);
  const named = async () => (await collect(client.v2.tokens.list({ search: name }, options))).filter((found) => found.name === name);
  const before = ids(await named());
  const find = async () => {
    const [candidate, ...others] = (await named()).filter(({ id }) => !before.has(id));
    if (candidate === undefined) return undefined;
    if (others.length > 0) {
      throw new Error(
        `there are several new tokens named "${name}" (${[candidate, ...others].map(({ id }) => id).join(", ")}): delete those that nobody uses`,
      );
    }
    return client.v2.tokens.regenerate({ id: candidate.id, expiration: token.expiration }, options);
  };
  return client.v2.tokens.create(token, { ...options, find });
}

const ids = (items: readonly { readonly id: string }[]) => new Set(items.map(({ id }) => id));

async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
