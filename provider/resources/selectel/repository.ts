import { randomUUID } from "node:crypto";
import { z } from "zod";
import { parseRepository } from "../../registries/oci";
import { type SelectelClient, unlessAbsent } from "../../registries/selectel";
import type { CommonInputs } from "../declaration";
import { initialTag } from "../oci/initial";
import { resource } from "../resource";
import { textFor } from "../text";
import { deleteRepository } from "./content";
import { initialize, sweep } from "./initialize";
import { selectel } from "./module";

/** What a program declares. */
export interface RepositoryInputs extends CommonInputs {
  /** Id of the registry that holds it: `registry.id`. A change replaces the repository. */
  registryId: string;
  /** Path within the registry, for example `team/app`. A change replaces the repository. */
  name: string;
  /** Push a minimal OCI artifact (tag `registry-as-code-init`, under 1 kB) if the repository is missing: it exists once something was pushed. Default `true`. */
  initialize?: boolean;
  /** Destroy the repository although it holds images. Default `false`. */
  forceDelete?: boolean;
}

/** What the service adds. */
export interface RepositoryOutputs {
  /** Bytes, as of the last `up` or `refresh`. */
  size: number;
  /** RFC 3339; empty where nothing was pushed yet. */
  updatedAt: string;
  /** `host/registry/name`: what stands before `:tag` or `@digest` in an image reference. */
  reference: string;
}

/**
 * A repository within a Selectel registry. To initialize it, a token that reaches this registry alone is made, used once, and deleted.
 * Destroying it is refused while it holds anything but the initial artifact, unless `forceDelete` is set.
 *
 * The id is `registryId/name`.
 */
export class Repository extends resource<RepositoryInputs, RepositoryOutputs, SelectelClient>({
  type: "selectel:Repository",
  module: selectel,
  inputs: {
    registryId: z.string().min(1, "must be the id of a registry"),
    name: textFor(parseRepository),
    initialize: z.boolean().default(true),
    forceDelete: z.boolean().default(false),
  },
  outputs: { size: z.number(), updatedAt: z.string(), reference: z.string() },
  replaceOn: ["registryId", "name"],
  handling: ["forceDelete"],
  timeouts: { delete: "30m" },
  key: ({ registryId, name }) => `${registryId}/${name}`,

  async find({ client, signal }, { registryId, name }) {
    const found = await unlessAbsent(client.v1.repositories.get({ id: registryId, name }, { signal }));
    return found && `${registryId}/${name}`;
  },
  async resume(context, { registryId, name }, attempt) {
    await sweep(context, attempt.nonce);
    const tags = await unlessAbsent(Array.fromAsync(context.client.v1.images.tags({ id: registryId, name }, { signal: context.signal })));
    // Without a tag it is what a push that was cut off left; with others' tags alone it was made by somebody else since.
    return tags && (tags.length === 0 || tags.includes(initialTag)) ? `${registryId}/${name}` : undefined;
  },
  async create(context, inputs, attempt) {
    const { registryId, name } = inputs;
    if (inputs.initialize) await initialize(context, registryId, name, attempt.nonce);
    return { id: `${registryId}/${name}`, outputs: (await look(context, registryId, name)) ?? (await unpushed(context, registryId, name)) };
  },
  async adopt(context, _id, { registryId, name, initialize: wanted }) {
    // Also what a run that was cut off left: the service shows a repository as soon as it holds a layer.
    const tags = await unlessAbsent(Array.fromAsync(context.client.v1.images.tags({ id: registryId, name }, { signal: context.signal })));
    if (wanted && (tags === undefined || tags.length === 0)) await initialize(context, registryId, name, randomUUID());
    return (await look(context, registryId, name)) ?? (await unpushed(context, registryId, name));
  },
  async read(context, id, last) {
    const slash = id.indexOf("/");
    const [registryId, name] = [last.registryId ?? id.slice(0, slash), last.name ?? id.slice(slash + 1)];
    const handled = { registryId, name, initialize: last.initialize ?? true, forceDelete: last.forceDelete ?? false };
    const found = await look(context, registryId, name);
    if (found) return { ...handled, ...found };
    if (last.initialize !== false || (await registryName(context, registryId)) === undefined) return undefined;
    return { ...handled, ...(await unpushed(context, registryId, name)) };
  },
  async update(context, _id, { registryId, name, initialize: wanted }) {
    const found = await look(context, registryId, name);
    if (found) return found;
    if (wanted) await initialize(context, registryId, name, randomUUID());
    return (await look(context, registryId, name)) ?? (await unpushed(context, registryId, name));
  },
  async delete(context, _id, { registryId, name, forceDelete }) {
    await deleteRepository(context, registryId, name, forceDelete === true);
  },
}) {}

type Looking = { readonly client: SelectelClient; readonly signal: AbortSignal };

async function look({ client, signal }: Looking, registryId: string, name: string): Promise<RepositoryOutputs | undefined> {
  const [found, registry] = await Promise.all([
    unlessAbsent(client.v1.repositories.get({ id: registryId, name }, { signal })),
    unlessAbsent(client.v1.registries.get({ id: registryId }, { signal })),
  ]);
  if (!found || !registry) return undefined;
  return { size: found.size ?? 0, updatedAt: found.updatedAt ?? "", reference: `${client.imagePrefix(registry.name)}/${name}` };
}

async function registryName({ client, signal }: Looking, id: string): Promise<string | undefined> {
  return (await unlessAbsent(client.v1.registries.get({ id }, { signal })))?.name;
}

async function unpushed(context: Looking, registryId: string, name: string): Promise<RepositoryOutputs> {
  const registry = await registryName(context, registryId);
  if (registry === undefined) throw new Error(`there is no registry ${registryId} in this project: use the id of a selectel.Registry`);
  return { size: 0, updatedAt: "", reference: `${context.client.imagePrefix(registry)}/${name}` };
}
