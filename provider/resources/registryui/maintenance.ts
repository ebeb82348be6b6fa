import { z } from "zod";
import { type RegistryUiClient, setOffline, setOnline } from "../../registries/registryui";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { collected } from "./collecting";
import { registryui } from "./module";

/** What a program declares: nothing of its own. */
export interface MaintenanceInputs extends CommonInputs {}

/** What the server adds. */
export interface MaintenanceOutputs {
  /** When this resource set the registry offline: RFC 3339. Empty if somebody else had done so. */
  since: string;
}

/**
 * The registry is offline exactly while this resource exists: creating it sets the registry offline, destroying it sets it online again. It needs an
 * administrator. While it is offline nobody can push or pull, and nothing but this resource can be read or changed: a program
 * that holds projects or collections beside it fails on them.
 *
 * **A failed `up` leaves the registry as it is.** If something else in the program fails after this resource was created, the registry stays offline until the
 * resource is destroyed (`pulumi destroy --target`, or take it out and run `pulumi up`), or somebody sets it online on the website (Registry >
 * Settings, Maintenance). Then the next `refresh` drops the resource from the state, and the next `up` sets the registry offline again.
 *
 * A garbage collection looks like maintenance from outside. A registry that is offline already is therefore an error without `adopt`.
 *
 * The id is the server's address.
 */
export class Maintenance extends resource<MaintenanceInputs, MaintenanceOutputs, RegistryUiClient>({
  type: "registryui:Maintenance",
  module: registryui,
  inputs: {},
  outputs: { since: z.string() },
  key: () => "of the registry",

  async resume({ client, signal }) {
    return (await client.registry.isOffline({}, { signal })) ? client.url : undefined;
  },
  async create(context, { adopt }, attempt) {
    const { client, signal, clock, log } = context;
    await collected(client.url, signal);
    if (!(await client.registry.isOffline({}, { signal }))) {
      await setOffline(client, { signal, onDone: () => attempt.created(client.url) });
      return { id: client.url, outputs: { since: new Date(clock.now()).toISOString() } };
    }
    if (!adopt) {
      throw new Error(
        `${client.url} is offline already: somebody set it offline, or it collects garbage. Wait until it is online, or set adopt: true to take it over; destroying this resource then sets it online`,
      );
    }
    log(`registryui:Maintenance: ${client.url} is offline already; this resource takes that over`);
    return { id: client.url, outputs: { since: "" } };
  },
  async read({ client, signal }, _id, last) {
    return (await client.registry.isOffline({}, { signal })) ? { since: last.since ?? "" } : undefined;
  },
  async update(_context, _id, _inputs, last) {
    return { since: last.since };
  },
  async delete(context: Context<RegistryUiClient>) {
    const { client, signal } = context;
    if (await client.registry.isOffline({}, { signal })) await setOnline(client, { signal });
  },
}) {}
