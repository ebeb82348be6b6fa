import { z } from "zod";
import type { ActionConfig as Config, DtrClient } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { resource } from "../resource";
import { dtr } from "./module";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface ActionConfigInputs extends CommonInputs {
  /** Action whose jobs get the parameters: `gc`, `tag_pruning` and so on. There is one configuration an action. A change replaces it. */
  action: string;
  /** All parameters of the action; those that are not here go. */
  parameters: Record<string, string>;
}

/** What the server adds. */
export interface ActionConfigOutputs {
  /** UUID of the configuration. */
  configId: string;
}

/**
 * Parameters that all jobs of an action get. It needs a system administrator. Destroying the resource deletes the configuration, also one that was adopted; the
 * server's own defaults come back.
 *
 * The id is the action.
 */
export class ActionConfig extends resource<ActionConfigInputs, ActionConfigOutputs, DtrClient>({
  type: "dtr:ActionConfig",
  module: dtr,
  inputs: { action: z.string().min(1, "must not be empty"), parameters: z.record(z.string(), z.string()) },
  outputs: { configId: z.string() },
  replaceOn: ["action"],
  key: ({ action }) => action,

  async find(context, { action }) {
    return (await configured(context, action)) && action;
  },
  async create(context, inputs) {
    return { id: inputs.action, outputs: await set(context, inputs) };
  },
  async read(context, id) {
    const found = await configured(context, id);
    return found && { action: id, parameters: { ...found.parameters }, configId: found.id };
  },
  async update(context, _id, inputs) {
    return set(context, inputs);
  },
  async delete({ client, signal }, id) {
    await unlessGone(client.actionConfigs.delete({ action: id }, { signal }));
  },
}) {}

const configured = ({ client, signal }: Context<DtrClient>, action: string): Promise<Config | undefined> =>
  unlessGone(client.actionConfigs.get({ action }, { signal }));

async function set({ client, signal }: Context<DtrClient>, { action, parameters }: ActionConfigInputs): Promise<ActionConfigOutputs> {
  return { configId: (await client.actionConfigs.set({ action, parameters }, { signal })).id };
}
