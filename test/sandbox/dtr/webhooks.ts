import { createHash } from "node:crypto";
import { accountOf, actorOf, isAdministrator, repositoryAt, repositoryOf, standsAs } from "./access";
import { argument, bool, type Call, form, type JsonObject, parameter, text } from "./call";
import { send } from "./deliveries";
import { Refusal, refusal } from "./errors";
import { dateText, listed, type Route } from "./route";
import { services, type Webhook } from "./services";
import { sampleOf, webhookScopes } from "./webhook-types";
import { accountNamed, pathOf, type World } from "./world";

const path = "/api/v0/webhooks";

export const webhookRoutes: readonly Route[] = [
  { method: "GET", path, who: "user", list: true, run: list },
  { method: "POST", path, who: "user", run: create },
  { method: "POST", path: `${path}/test`, who: "user", run: test },
  { method: "POST", path: `${path}/update`, who: "user", run: update },
  { method: "DELETE", path: `${path}/{id}`, who: "user", run: remove },
  {
    method: "GET",
    path: "/api/v0/repositories/{namespace}/{repository}/webhooks",
    who: { repository: "admin" },
    list: true,
    run: (call) => views(call.world, ofKey(call.world, pathOf(repositoryOf(call, "admin")))),
  },
  {
    method: "GET",
    path: "/api/v0/accounts/{namespace}/webhooks",
    who: { namespace: "admin" },
    list: true,
    run: (call) => views(call.world, ofKey(call.world, accountOf(call, "namespace", "admin").name)),
  },
];

/** Administrators see all, everybody else what he subscribed to. */
function list(call: Call) {
  const { world, principal } = call;
  const type = argument(call, "webhookType") ?? "any";
  const all = [...services(world).webhooks.values()];
  const mine = isAdministrator(principal) ? all : all.filter(({ authorID }) => authorID === actorOf(principal));
  return views(
    world,
    mine.filter((webhook) => type === "any" || webhook.type === type),
  );
}

function create(call: Call) {
  const { world, principal } = call;
  const { webhookTwins, webhookCreated, version } = world.switches;
  const fields = form(call);
  const wanted = { ...receiver(fields), type: text(fields, "type") ?? "", key: text(fields, "key") ?? "" };
  permitted(call, wanted);
  const identity = JSON.stringify([wanted.type, wanted.key, wanted.endpoint, ...(webhookTwins === "another" ? [world.newId()] : [])]);
  const id = createHash("sha256").update(identity).digest("hex");
  const known = services(world).webhooks.get(id);
  const webhook = known ?? { id, ...wanted, authorID: actorOf(principal), createdAt: world.clock.now(), inactive: false };
  services(world).webhooks.set(id, webhook);
  const json = view(world, webhook);
  if (webhookCreated === "object") return { status: 200, json };
  return version === "2.6" ? { status: 200, json: [json] } : { status: 201, json };
}

/** Sends the sample of a type, whether or not somebody subscribed to it. A receiver that fails changes nothing in the answer. */
async function test(call: Call) {
  const fields = form(call);
  const sample = sampleOf(text(fields, "type") ?? "");
  if (!sample) throw refusal("INVALID_JSON", `There is no webhook type '${text(fields, "type") ?? ""}'.`);
  await send(call.world, receiver(fields), { ...sample, createdAt: call.world.clock.now() });
  return { status: 200 };
}

/** Only these three can change: another endpoint, type or key is another subscription. */
function update(call: Call) {
  const fields = form(call);
  const webhook = webhookOf(call, text(fields, "id") ?? "");
  webhook.inactive = bool(fields, "inactive") ?? webhook.inactive;
  webhook.tlsCert = text(fields, "tlsCert") ?? webhook.tlsCert;
  webhook.skipTLSVerification = bool(fields, "skipTLSVerification") ?? webhook.skipTLSVerification;
  return views(call.world, [webhook]);
}

function remove(call: Call) {
  const { world } = call;
  services(world).webhooks.delete(webhookOf(call, parameter(call, "id")).id);
  return { status: world.switches.version === "2.6" ? 200 : 204 };
}

/** Where deliveries go. */
function receiver(fields: JsonObject) {
  const endpoint = text(fields, "endpoint") ?? "";
  if (!/^https?:\/\/./.test(endpoint) || !URL.canParse(endpoint)) throw refusal("INVALID_JSON", "endpoint must be a URL.");
  return {
    endpoint,
    tlsCert: text(fields, "tlsCert") ?? "",
    skipTLSVerification: bool(fields, "skipTLSVerification") ?? false,
  };
}

/** Repositories are their administrators' business, namespaces their owners', everything and the scanner the system administrators'. */
function permitted(call: Call, { type, key }: { readonly type: string; readonly key: string }): void {
  const { world, principal } = call;
  const scope = webhookScopes[type];
  if (!scope) throw refusal("INVALID_JSON", `There is no webhook type '${type}'.`);
  if (key === "" || scope === "system") {
    if (key !== "") throw refusal("INVALID_JSON", `${type} is of the whole system: its key is empty.`);
    if (!isAdministrator(principal)) throw refusal("NOT_AUTHORIZED");
    return;
  }
  if (key.includes("/")) {
    if (scope === "namespace") throw refusal("INVALID_JSON", `${type} is of a namespace: its key is no repository.`);
    repositoryAt(call, key, "admin");
    return;
  }
  const account = accountNamed(world, key);
  if (!account) throw refusal("NO_SUCH_ACCOUNT");
  if (!standsAs(world, principal, account, "admin")) throw refusal("NOT_AUTHORIZED");
}

/** A webhook that the caller may change: his own, or one to which he might have subscribed. */
function webhookOf(call: Call, id: string): Webhook {
  const webhook = services(call.world).webhooks.get(id);
  if (!webhook) throw new Refusal(404, "NO_SUCH_WEBHOOK", "A webhook with the given id does not exist.");
  if (!isAdministrator(call.principal) && webhook.authorID !== actorOf(call.principal)) permitted(call, webhook);
  return webhook;
}

function ofKey(world: World, key: string): readonly Webhook[] {
  return [...services(world).webhooks.values()].filter((webhook) => webhook.key === key);
}

function views(world: World, webhooks: readonly Webhook[]) {
  const json = webhooks.map((webhook) => view(world, webhook));
  return { status: 200, json: listed(world, json) };
}

function view(world: World, { lastSuccessfulAt, createdAt, ...webhook }: Webhook) {
  return { ...webhook, createdAt: dateText(world, createdAt), lastSuccessfulAt: dateText(world, lastSuccessfulAt) };
}
