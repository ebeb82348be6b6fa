import * as pulumi from "@pulumi/pulumi";
import type { DtrClient, Webhook } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";
import { expectKnown } from "./known-arguments";

/** Which webhooks. */
export interface WebhooksArgs {
  /** Only those of this user or organization. */
  namespace?: string;
  /** Only those of this repository of `namespace`. */
  repository?: string;
  /** Only those for this type of event: `TAG_PUSH` and so on. */
  type?: string;
}

const webhooks = readFunction("getWebhooks", dtr, async (client: DtrClient, args: WebhooksArgs, signal): Promise<Webhook[]> => {
  expectKnown(args, ["namespace", "repository", "type"]);
  const { namespace, repository, type } = args;
  if (namespace === undefined) {
    if (repository !== undefined) throw new Error("repository needs its namespace");
    return [...(await client.webhooks.list(type === undefined ? {} : { webhookType: type }, { signal }))];
  }
  const found =
    repository === undefined
      ? await client.accounts.webhooks({ namespace }, { signal })
      : await client.repositories.webhooks({ namespace, repository }, { signal });
  return found.filter((webhook) => type === undefined || webhook.type === type);
});
/**
 * Webhooks: those of the user (an administrator gets all), of a namespace, or of a repository. Many endpoints hold a credential: the `Output` form is secret, and
 * what a plain call gives is for `pulumi.secret` before it is exported.
 */
export const getWebhooks = webhooks.plain;
export const getWebhooksOutput: typeof webhooks.output = (args, options) => pulumi.secret(webhooks.output(args, options));
