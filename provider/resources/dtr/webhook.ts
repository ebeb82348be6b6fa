import { z } from "zod";
import { createWebhook, type DtrClient, type Webhook as Found, isTwin, type Subscription } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { Incomplete, NothingMade } from "../failure";
import { resource } from "../resource";
import { textFor } from "../text";
import { declared } from "./declared";
import { dtr } from "./module";
import { unlessGone } from "./unless-gone";
import { seesAll, unlessHidden } from "./unless-hidden";
import { claim } from "./webhook-claims";
import { warnOfType } from "./webhook-types";

/** What a program declares. */
export interface WebhookInputs extends CommonInputs {
  /** Where it must happen: `namespace`, `namespace/repository`, or empty for everything, which needs a system administrator. A change replaces the webhook. */
  key: string;
  /** What must happen: `TAG_PUSH`, `TAG_PULL`, `TAG_DELETE`, `PROMOTION`, `PUSH_MIRRORING`, `POLL_MIRRORING`, `MANIFEST_PUSH`, `MANIFEST_PULL`, `MANIFEST_DELETE`, `REPO_EVENT`, `SCAN_COMPLETED`, `SCAN_FAILED`, `SCANNER_UPDATE_COMPLETED`, or what a newer server knows. A change replaces the webhook. */
  type: string;
  /** URL that the event is posted to. Many hold a credential, so it is kept encrypted and not printed. A change replaces the webhook. */
  endpoint: string;
  /** PEM certificate of the authority that signed the endpoint's own. Not looked at where it is not declared. */
  tlsCert?: string;
  /** Post to the endpoint whatever certificate it shows. Default `false`. */
  skipTlsVerification?: boolean;
  /** Nothing is posted while it is not active. Default `true`. */
  active?: boolean;
}

/** What the server adds. */
export interface WebhookOutputs {
  /** The server's own id. */
  webhookId: string;
  /** UUID of the account that made it. */
  authorId: string;
  /** RFC 3339. */
  createdAt: string;
}

/**
 * A subscription to events.
 *
 * The server may keep one object for identical subscriptions. So an identical one that exists (same key, type and endpoint) is an error without `adopt`, and
 * destroying deletes only the very subscription that this resource made or adopted: not one that somebody made anew since.
 *
 * The id is the server's own.
 */
export class Webhook extends resource<WebhookInputs, WebhookOutputs, DtrClient>({
  type: "dtr:Webhook",
  module: dtr,
  inputs: {
    key: z.string().regex(/^(?:[^/\s]+(?:\/[^/\s]+)?)?$/, "must be a namespace, namespace/repository, or empty for everything"),
    type: z.string().min(1, "must not be empty"),
    endpoint: textFor(expectHttp),
    tlsCert: z.string().optional(),
    skipTlsVerification: z.boolean().default(false),
    active: z.boolean().default(true),
  },
  outputs: { webhookId: z.string(), authorId: z.string(), createdAt: z.string() },
  secretInputs: ["endpoint"],
  replaceOn: ["key", "type", "endpoint"],
  same: { tlsCert: (a, b) => a?.trim() === b?.trim() },
  key: ({ key, type, endpoint }) => `${type} at ${key === "" ? "everything" : key} to ${withoutSecrets(endpoint)}`,

  async find(context, inputs) {
    return (await listed(context, inputs.key)).find((one) => isTwin(one, inputs))?.id;
  },
  async resume(context, inputs, attempt) {
    const twins = (await listed(context, inputs.key)).filter((one) => isTwin(one, inputs));
    if (attempt.id !== undefined) return twins.find(({ id }) => id === attempt.id)?.id;
    const [twin, ...others] = twins; // there was none when the attempt began
    if (others.length > 0) {
      const ids = twins.map(({ id }) => id).join(", ");
      throw new Error(`nobody knows which of the identical subscriptions ${ids} an interrupted run made: delete those that nobody uses`);
    }
    return twin?.id;
  },
  async create(context, inputs, attempt) {
    const { client, signal, log } = context;
    const { key, type, endpoint, tlsCert, skipTlsVerification = false, active = true } = inputs;
    warnOfType(inputs, log);
    const letGo = claim(client, inputs);
    try {
      const { webhook, existed } = await createWebhook(
        client,
        { key, type, endpoint, skipTLSVerification: skipTlsVerification, ...(tlsCert !== undefined && { tlsCert }) },
        { signal },
      );
      if (existed)
        throw new NothingMade(
          `somebody made the same subscription a moment ago (id ${webhook.id}): set adopt: true to manage it, or leave this one out`,
        );
      attempt.created(webhook.id);
      if (!active) await deactivate(context, inputs, webhook);
      return { id: webhook.id, outputs: outputs(webhook) };
    } finally {
      letGo();
    }
  },
  async read(context, id, last) {
    const found = await own(context, id, last);
    if (!found) return undefined;
    const { key, type, endpoint, tlsCert, skipTLSVerification, inactive } = found;
    return {
      key,
      type,
      endpoint,
      ...declared({ tlsCert }, last, last.webhookId !== undefined),
      skipTlsVerification: skipTLSVerification,
      active: !inactive,
      ...outputs(found),
    };
  },
  async update(context, id, inputs, last) {
    const found = await own(context, id, last);
    if (!found) throw new Error("the webhook is gone: run `pulumi refresh`, and the next `up` makes it anew");
    await set(context, inputs, found);
    return outputs(found);
  },
  async delete(context, id, last) {
    const found = await own(context, id, last);
    if (found) await unlessGone(context.client.webhooks.delete({ id }, { signal: context.signal }));
  },
}) {}

const outputs = ({ id, authorID, createdAt }: Found): WebhookOutputs => ({
  webhookId: id,
  authorId: authorID ?? "",
  createdAt: createdAt ?? "",
});

/** Makes it as declared, if it is not. Sends all that can be changed, since what absent members do is not documented. */
async function set({ client, signal }: Context<DtrClient>, inputs: WebhookInputs, now: Found): Promise<void> {
  const { active = true, skipTlsVerification = false, tlsCert = now.tlsCert } = inputs;
  if (active === !now.inactive && skipTlsVerification === now.skipTLSVerification && tlsCert.trim() === now.tlsCert.trim()) return;
  await client.webhooks.update({ id: now.id, inactive: !active, tlsCert, skipTLSVerification: skipTlsVerification }, { signal });
}

/** A webhook is always made active. One that cannot be made inactive stays in the state, to be tried again. */
async function deactivate(context: Context<DtrClient>, inputs: WebhookInputs, webhook: Found): Promise<void> {
  try {
    await set(context, inputs, webhook);
  } catch (error) {
    throw new Incomplete<WebhookInputs & WebhookOutputs>(webhook.id, { ...outputs(webhook), active: true }, [
      `the webhook exists and is still active: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

/** The webhooks at a key. Throws where this user may not list them: one that cannot be seen is not gone. */
async function listed(context: Context<DtrClient>, key: string): Promise<readonly Found[]> {
  const { client, signal } = context;
  const [namespace = "", repository] = key.split("/");
  const near =
    namespace === ""
      ? undefined
      : repository === undefined
        ? unlessGone(client.accounts.webhooks({ namespace }, { signal }))
        : unlessHidden(context, { namespace, repository }, client.repositories.webhooks({ namespace, repository }, { signal }));
  // Without its repository, a webhook may still be in the list of all.
  return (await near) ?? client.webhooks.list({}, { signal });
}

/** Times as servers write them in several answers may differ in their last digits. */
const SAME_MOMENT = 2_000;

/**
 * The very subscription that the state speaks of; undefined if it is gone. An identical one that somebody made since may have the same id, and is theirs: it
 * has another author or another time.
 */
async function own(context: Context<DtrClient>, id: string, last: Partial<Subscription & WebhookOutputs>): Promise<Found | undefined> {
  const found = (await listed(context, last.key ?? "")).find((one) => one.id === id);
  if (last.webhookId === undefined) return found;
  if (!found) {
    if (last.key !== "" || (await seesAll(context.client, ""))) return undefined;
    throw new Error(
      `the webhook ${id} is not listed: only administrators see every webhook, and ${context.client.username ?? "an anonymous client"} is none, so it may be there all the same`,
    );
  }
  const { authorId, createdAt } = outputs(found);
  const another = [
    last.authorId && authorId && last.authorId !== authorId,
    last.createdAt && createdAt && Math.abs(Date.parse(last.createdAt) - Date.parse(createdAt)) > SAME_MOMENT,
    last.type !== undefined && last.endpoint !== undefined && last.key !== undefined && !isTwin(found, { ...found, ...subscription(last) }),
  ];
  if (!another.some(Boolean)) return found;
  context.log(`dtr:Webhook ${id}: the one that this program made is gone; there is another one with the same id, which is left alone`);
  return undefined;
}

const subscription = ({ key, type, endpoint }: Partial<Subscription>): Partial<Subscription> => ({
  ...(key !== undefined && { key }),
  ...(type !== undefined && { type }),
  ...(endpoint !== undefined && { endpoint }),
});

function expectHttp(text: string): void {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error("must be a URL such as https://ci.example.com/hook");
}

/** An endpoint as messages may name it: credentials may be in any part but its origin. */
const withoutSecrets = (endpoint: string): string => (URL.canParse(endpoint) ? new URL(endpoint).origin : "its endpoint");
