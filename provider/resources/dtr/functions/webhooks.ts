import type { DtrClient, Webhook } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";

/** Which webhooks. */
export interface WebhooksArgs {
  /** Only those of this user or organization. */
  namespace?: string;
  /** Only those of this repository of `namespace`. */
  repository?: string;
  /** Only those for this type of event: `TAG_PUSH` and so on. */
  type?: string;
}

const webhooks = readFunction(
  "getWebhooks",
  dtr,
  async (client: DtrClient, { namespace, repository, type }: WebhooksArgs, signal): Promise<Webhook[]> => {
    if (namespace === undefined) {
      if (repository !== undefined) throw new Error("repository needs its namespace");
      return [...(await client.webhooks.list(type === undefined ? {} : { webhookType: type }, { signal }))];
    }
    const found =
      repository === undefined
        ? await client.accounts.webhooks({ namespace }, { signal })
        : await client.repositories.webhooks({ namespace, repository }, { signal });
    return found.filter((webhook) => type === undefined || webhook.type === type);
  },
);
/** Webhooks: those of the user (an administrator gets all), of a namespace, or of a repository. */
export const getWebhooks = webhooks.plain;
export const getWebhooksOutput = webhooks.output;
