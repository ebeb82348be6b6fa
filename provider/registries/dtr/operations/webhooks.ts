import { z } from "zod";
import { operation } from "../../operation";
import { CreatedWebhook } from "../schemas/created-webhook";
import { array } from "../schemas/values";
import { Webhook } from "../schemas/webhook";
import { name } from "./given";

const target = {
  /** TAG_PUSH, SCAN_COMPLETED, …: what the server does not know it refuses. */
  type: name,
  endpoint: name,
  /** PEM certificate of an authority that the endpoint's is signed by. */
  tlsCert: z.string().optional(),
  skipTLSVerification: z.boolean().optional(),
};
/** Endpoints of chats carry their credential in the path. */
const secret = ["endpoint"];

/** Subscriptions to events. The lists of one namespace and one repository are `accounts.webhooks` and `repositories.webhooks`. */
export const webhooks = {
  /** The caller's own, for an administrator everybody's; of one type, if `webhookType` is given. In no pages. */
  list: operation("GET /api/v0/webhooks", { query: { webhookType: name.optional() }, answer: array(Webhook), errors: [401] }),
  /**
   * Subscribes `endpoint` to events at `key`: `namespace`, `namespace/repository`, or none for everything (administrators only). There may be an identical
   * one already, and then the answer may be that one: `createWebhook` tells.
   */
  create: operation("POST /api/v0/webhooks", {
    body: { ...target, key: z.string().optional() },
    answer: CreatedWebhook,
    secret,
    errors: [400, 403, 404],
  }),
  /** Has the server post a sample of an event to `endpoint`. */
  test: operation("POST /api/v0/webhooks/test", { body: target, secret, errors: [400, 403] }),
  /** Sets all that can be changed: what absent members do is not documented, so none may be absent. Gives all webhooks that the server lists then. */
  update: operation("POST /api/v0/webhooks/update", {
    body: { id: name, inactive: z.boolean(), tlsCert: z.string(), skipTLSVerification: z.boolean() },
    answer: array(Webhook),
    repeatable: true,
    errors: [400, 403, 404],
  }),
  /** NO_SUCH_WEBHOOK: it is gone already. */
  delete: operation("DELETE /api/v0/webhooks/{id}", { errors: [403, 404] }),
};
