import { z } from "zod";
import { createRegistry, type Registry as Found, type SelectelClient, unlessAbsent, waitForRegistry } from "../../registries/selectel";
import { type CommonInputs, type Context, remaining } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { deleteRegistry } from "./content";
import { selectel } from "./module";
import { registryByName } from "./registry-by-name";

/** What a program declares. */
export interface RegistryInputs extends CommonInputs {
  /** Name of the registry: lower-case latin letters, digits and hyphens, a letter first. It is the first segment of image names and unique in the whole service. A change replaces the registry. */
  name: string;
  /** Destroy the registry although it holds images. Default `false`. */
  forceDelete?: boolean;
}

/** What the service adds. */
export interface RegistryOutputs {
  /** `ACTIVE`, or what the service is doing: `CREATING`, `GARBAGE_COLLECTION`, `DELETING`, `ERROR`. */
  status: string;
  /** `https://host/name`. */
  endpoint: string;
  /** Bytes in use, as of the last `up` or `refresh`. */
  size: number;
  /** Bytes that the registry may hold; the API cannot set it. */
  sizeLimit: number;
  /** Percent of the limit, as the service computes it. */
  used: number;
  /** RFC 3339. */
  createdAt: string;
}

/**
 * A registry of Selectel's Container Registry. Creating and deleting are asynchronous: `up` waits until the registry is ACTIVE, `destroy` until
 * it is gone. A create that runs out of time is kept in the state as half-made and continued at the next `up`.
 *
 * The id is the registry's UUID.
 */
export class Registry extends resource<RegistryInputs, RegistryOutputs, SelectelClient>({
  type: "selectel:Registry",
  module: selectel,
  // The vendor's rule says at most 20 characters, but registries with longer names exist, so the length is left to the service.
  inputs: {
    name: z
      .string()
      .regex(
        /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/,
        "must consist of lower-case latin letters, digits and hyphens, begin with a letter and end with a letter or digit",
      ),
    forceDelete: z.boolean().default(false),
  },
  outputs: { status: z.string(), endpoint: z.string(), size: z.number(), sizeLimit: z.number(), used: z.number(), createdAt: z.string() },
  replaceOn: ["name"],
  handling: ["forceDelete"],
  timeouts: { create: "10m", update: "10m", delete: "20m" },
  key: ({ name }) => name,
  due: ({ status }) => (status === "ACTIVE" || status === "GARBAGE_COLLECTION" ? undefined : `the registry is ${status}`),

  async find(context, { name }) {
    return (await registryByName(context, name))?.id;
  },
  async resume(context, { name }, attempt) {
    // The name was free when the attempt began, so what has it now was made afterwards; the service's clock may differ by some minutes.
    const found = await registryByName(context, name);
    const age = found?.createdAt === undefined ? 0 : attempt.startedAt - Date.parse(found.createdAt);
    return found && (found.id === attempt.id || age < 5 * 60_000) ? found.id : undefined;
  },
  async create(context, { name }, attempt) {
    const made = await createRegistry(context.client, name, { signal: context.signal });
    attempt.created(made.id);
    return { id: made.id, outputs: await ready(context, made) };
  },
  async adopt(context, id) {
    return ready(context, await context.client.v1.registries.get({ id }, { signal: context.signal }));
  },
  async read({ client, signal }, id, last) {
    const found = await unlessAbsent(client.v1.registries.get({ id }, { signal }));
    if (!found || found.status === "DELETING") return undefined;
    return { name: found.name, forceDelete: last.forceDelete ?? false, ...outputs(client, found) };
  },
  async update(context, id) {
    return ready(context, await context.client.v1.registries.get({ id }, { signal: context.signal }));
  },
  async delete(context, id, { name, forceDelete }) {
    await deleteRegistry(context, id, name, forceDelete === true);
    await waitForRegistry(context.client, id, { until: "absent", ...remaining(context), onProgress: progress(context, name) });
  },
}) {}

async function ready(context: Context<SelectelClient>, registry: Found): Promise<RegistryOutputs> {
  const { client } = context;
  if (registry.status === "ACTIVE") return outputs(client, registry);
  try {
    return outputs(
      client,
      await waitForRegistry(client, registry.id, { until: "ACTIVE", ...remaining(context), onProgress: progress(context, registry.name) }),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Incomplete<RegistryOutputs>(registry.id, outputs(client, registry), [
      `the registry exists and is not ACTIVE yet: ${reason}. Run \`pulumi up\` again to go on waiting`,
    ]);
  }
}

const outputs = (client: SelectelClient, found: Found): RegistryOutputs => ({
  status: found.status === "UNKNOWN" ? (found.reportedStatus ?? found.status) : found.status,
  endpoint: client.endpoint(found.name),
  size: found.size ?? 0,
  sizeLimit: found.sizeLimit ?? 0,
  used: found.used ?? 0,
  createdAt: found.createdAt ?? "",
});

/** Says each new status once. */
function progress({ log }: Context<SelectelClient>, name: string): (registry: Found | undefined) => void {
  let said = "";
  return (registry) => {
    const status = registry?.status ?? "gone";
    if (status !== said) log(`selectel:Registry ${name}: ${status}`);
    said = status;
  };
}
