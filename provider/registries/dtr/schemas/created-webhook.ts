import { z } from "zod";
import { Webhook } from "./webhook";

/**
 * The answer to the creation of a webhook: one object (2.7), or an array (2.6, as its description says). No sample shows an array of more than one;
 * should it hold all there are, the newest is the new one. `createWebhook` does not rely on it.
 */
export const CreatedWebhook: z.ZodType<Webhook> = z.union([
  Webhook,
  z
    .array(Webhook)
    .min(1)
    .transform((webhooks) => webhooks.reduce((newest, one) => (createdAt(one) > createdAt(newest) ? one : newest))),
]);

const createdAt = (webhook: Webhook): number => Date.parse(webhook.createdAt ?? "") || 0;
