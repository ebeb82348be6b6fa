import type { CallOptions } from "../call";
import type { DtrClient } from "./client";
import { isGone, isNotAuthorized } from "./errors";
import type { Webhook } from "./schemas";

type Options = Pick<CallOptions, "signal" | "timeouts">;
type NewWebhook = Parameters<DtrClient["webhooks"]["create"]>[0];

/** What makes two webhooks twins: nothing but this decides where what is posted. */
export type Subscription = Pick<Webhook, "endpoint" | "type" | "key">;

export const isTwin = (a: Subscription, b: Subscription): boolean => a.endpoint === b.endpoint && a.type === b.type && a.key === b.key;

/**
 * Looks for a webhook by its id: there is no operation for one alone. The list of its repository or namespace comes first (`key`), then, if it is not
 * there or that may not be read, the list of all that this user may see. undefined: neither has it.
 */
export async function findWebhook(
  client: DtrClient,
  { key, id }: Pick<Webhook, "key" | "id">,
  options: Options = {},
): Promise<Webhook | undefined> {
  const isIt = (webhook: Webhook) => webhook.id === id;
  const near = (await nearby(client, key, options))?.find(isIt);
  return near ?? (await client.webhooks.list({}, options)).find(isIt);
}

export interface CreatedWebhook {
  readonly webhook: Webhook;
  /** It was there before, with the same endpoint, type and key: somebody else may count on it, so deleting it is not ours to do. */
  readonly existed: boolean;
}

/**
 * Creates a webhook, once, and tells whether the server gave one that was there already. If the answer is lost, a twin of what was to be created that was not there
 * before is taken for it.
 */
export async function createWebhook(client: DtrClient, webhook: NewWebhook, options: Options = {}): Promise<CreatedWebhook> {
  const wanted: Subscription = { endpoint: webhook.endpoint, type: webhook.type, key: webhook.key ?? "" };
  const listed = async () => (await nearby(client, wanted.key, options)) ?? (await client.webhooks.list({}, options));
  const before = new Set((await listed()).map(({ id }) => id));
  const find = async () => (await listed()).find((one) => !before.has(one.id) && isTwin(one, wanted));
  const created = await client.webhooks.create(webhook, { ...options, find });
  if (!before.has(created.id)) return { webhook: created, existed: false };
  if (isTwin(created, wanted)) return { webhook: created, existed: true };
  // An array that was not what it is taken for: which of them is the new one says the list.
  const fresh = await find();
  if (fresh) return { webhook: fresh, existed: false };
  throw new Error(
    `The server answered the creation of a webhook (${wanted.type} at "${wanted.key}") with another one, ${created.id}, and lists no new one. Look at GET /api/v0/webhooks`,
  );
}

/** The webhooks of a key; undefined where the key is gone or this user may not list them. */
async function nearby(client: DtrClient, key: string, options: Options): Promise<readonly Webhook[] | undefined> {
  const [namespace = "", repository] = key.split("/", 2);
  if (namespace === "") return undefined;
  try {
    return repository
      ? await client.repositories.webhooks({ namespace, repository }, options)
      : await client.accounts.webhooks({ namespace }, options);
  } catch (error) {
    if (isGone(error) || isNotAuthorized(error)) return undefined;
    throw error;
  }
}
