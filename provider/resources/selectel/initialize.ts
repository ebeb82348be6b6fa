import { connectOci, parseRepository } from "../../registries/oci";
import { retryWhileBusy, type SelectelClient, tokenUsername, unlessAbsent, waitForRegistry } from "../../registries/selectel";
import { type Context, remaining } from "../declaration";
import { initialize as pushInitial } from "../oci/initial";
import { oneAtATime } from "./one-at-a-time";

/** Life of the token that pushes the initial artifact, should the run be cut off before it is deleted. */
const TOKEN_LIFE = 10 * 60_000;

/**
 * Pushes the initial artifact to a repository of a registry. The management API cannot push, so a token with write access to this registry alone
 * is made for it and deleted afterwards; if that fails, it is worthless after ten minutes, and the next run with the same nonce removes it.
 */
export function initialize(context: Context<SelectelClient>, registryId: string, repository: string, nonce: string): Promise<void> {
  return oneAtATime(registryId, context.signal, () => push(context, registryId, repository, nonce));
}

async function push(context: Context<SelectelClient>, registryId: string, repository: string, nonce: string): Promise<void> {
  const { client, signal, clock } = context;
  const registry = await unlessAbsent(client.v1.registries.get({ id: registryId }, { signal }));
  if (!registry) throw new Error(`there is no registry ${registryId} in this project: use the id of a selectel.Registry`);
  // Layers that are pushed while garbage is collected can be lost.
  if (registry.status !== "ACTIVE") await waitForRegistry(client, registryId, { until: "ACTIVE", ...remaining(context) });
  await sweep(context, nonce);
  const { id, token } = await client.v2.tokens.create(
    {
      name: tokenName(nonce),
      scope: { modeRW: true, allRegistries: false, registryIds: [registryId] },
      expiration: { isSet: true, expiresAt: new Date(clock.now() + TOKEN_LIFE).toISOString() },
    },
    // A token whose answer was lost is of no use: its secret was in the answer.
    { signal, find: () => sweep(context, nonce).then(() => undefined) },
  );
  const oci = connectOci({ url: client.registryUrl, credentials: { username: tokenUsername, password: token }, clock });
  try {
    const path = parseRepository(`${registry.name}/${repository}`);
    await retryWhileBusy(() => pushInitial(oci, path), remaining(context)); // a collection that somebody else started
  } finally {
    await oci.close();
    await unlessAbsent(client.v2.tokens.delete({ id })); // without the signal: it must go also when the time is over
  }
}

const tokenName = (nonce: string) => `registry-as-code ${nonce}`;

/** Removes tokens that an interrupted run of the same attempt left behind. Their name carries its nonce, so they are nobody else's. */
export async function sweep({ client, signal }: Context<SelectelClient>, nonce: string): Promise<void> {
  const name = tokenName(nonce);
  for await (const token of client.v2.tokens.list({ search: name }, { signal })) {
    if (token.name === name) await unlessAbsent(client.v2.tokens.delete({ id: token.id }, { signal }));
  }
}
