import type { Happening } from "./hooks";
import { postToLoopback } from "./loopback-post";
import { dateText } from "./route";
import { type Delivery, services, type Webhook } from "./services";
import type { World } from "./world";

/** How and where to something is delivered. */
export type Receiver = Pick<Webhook, "endpoint" | "tlsCert" | "skipTLSVerification">;

/** Sends what happened to every active subscription that asked for it. A receiver that fails is not tried again. */
export async function deliver(world: World, happening: Happening): Promise<void> {
  const wanted = [...services(world).webhooks.values()].filter((webhook) => !webhook.inactive && concerns(webhook, happening));
  await Promise.all(
    wanted.map(async (webhook) => {
      const { status = 0 } = await send(world, webhook, happening, webhook.id);
      if (status >= 200 && status < 300) webhook.lastSuccessfulAt = world.clock.now();
    }),
  );
}

/** One POST, kept in `state.services.deliveries`. There is neither a signature nor a secret in it. */
export async function send(world: World, to: Receiver, happening: Omit<Happening, "key">, webhook = ""): Promise<Delivery> {
  const { type, contents, location, createdAt } = happening;
  const body = { type, createdAt: dateText(world, createdAt), contents, location };
  const delivery: Delivery = { webhook, type, endpoint: to.endpoint, body };
  services(world).deliveries.push(delivery);
  const { endpoint, tlsCert, skipTLSVerification } = to;
  return Object.assign(delivery, await postToLoopback({ endpoint, body, tlsCert, skipTLSVerification }));
}

/** A subscription without key is for everything, one of a namespace for its repositories, too. */
function concerns({ type, key }: Webhook, happening: Happening): boolean {
  if (type !== happening.type) return false;
  return key === "" || key === happening.key || happening.key.startsWith(`${key}/`);
}
