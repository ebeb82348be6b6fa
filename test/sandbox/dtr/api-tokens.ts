import { createHash } from "node:crypto";
import { actorOf, isAdministrator } from "./access";
import type { ApiToken } from "./accounts-model";
import { argument, bool, type Call, form, parameter, text } from "./call";
import { momentOf } from "./dates";
import { Refusal, refusal } from "./errors";
import { page } from "./paging";
import { dateText, listed, type Route } from "./route";
import { hashToken, type User, userNamed, type World } from "./world";

const path = "/api/v0/api_tokens";

export const apiTokenRoutes: readonly Route[] = [
  { method: "GET", path, who: "user", list: true, run: list },
  { method: "POST", path, who: "user", run: create },
  { method: "DELETE", path, who: "user", run: deleteMany },
  { method: "GET", path: `${path}/{hashedToken}`, who: "user", run: (call) => ({ status: 200, json: view(call.world, tokenOf(call)) }) },
  { method: "DELETE", path: `${path}/{hashedToken}`, who: "user", run: remove },
  { method: "PATCH", path: `${path}/{hashedToken}`, who: "user", run: update },
];

function list(call: Call) {
  const { world } = call;
  const everybodys = isAdministrator(call.principal) && world.switches.tokensListed === "all";
  const owner = argument(call, "username") === undefined && everybodys ? undefined : ownerOf(call).id;
  const found = [...world.apiTokens.values()].filter((token) => owner === undefined || token.owner === owner);
  const { items, headers } = page(call, found, ({ hashedToken }) => hashedToken);
  const views = items.map((token) => view(world, token));
  return { status: 200, headers, json: listed(world, views) };
}

/** The only answer that shows the secret. */
function create(call: Call) {
  const { world, request } = call;
  const { secret, token } = addToken(world, ownerOf(call), {
    tokenLabel: text(form(call), "tokenLabel") ?? "",
    generatedBy: world.switches.tokenGeneratedBy,
    creatorUa: request.headers["user-agent"] ?? "",
  });
  return { status: 200, json: { ...view(world, token), token: secret } };
}

/** Makes a token: its secret is known to whoever made it, and to nobody after. */
export function addToken(world: World, owner: User, parts: Pick<ApiToken, "tokenLabel" | "generatedBy" | "creatorUa">) {
  const secret = uuidFrom(`access token ${world.newId()}`);
  const token: ApiToken = { ...parts, hashedToken: hashToken(secret), owner: owner.id, isActive: true, createdAt: world.clock.now() };
  world.apiTokens.set(token.hashedToken, token);
  return { secret, token };
}

/** Without a user an administrator deletes everybody's, anybody else his own. Tokens that were never used were used before any date. */
function deleteMany(call: Call) {
  const { world } = call;
  const owner = argument(call, "username") === undefined && isAdministrator(call.principal) ? undefined : ownerOf(call).id;
  const before = momentOf(call, "usedbefore");
  const generatedBy = argument(call, "generatedby") ?? "auto";
  for (const token of [...world.apiTokens.values()]) {
    if (owner !== undefined && token.owner !== owner) continue;
    if (token.generatedBy !== generatedBy) continue;
    if (before && token.lastUsed && token.lastUsed >= before) continue;
    world.apiTokens.delete(token.hashedToken);
  }
  return { status: 200 };
}

function remove(call: Call) {
  call.world.apiTokens.delete(tokenOf(call).hashedToken);
  return { status: 200 };
}

function update(call: Call) {
  const token = tokenOf(call);
  const fields = form(call);
  token.tokenLabel = text(fields, "tokenLabel") ?? token.tokenLabel;
  token.isActive = bool(fields, "isActive") ?? token.isActive;
  return { status: 200, json: view(call.world, token) };
}

/** Whose tokens are meant: the caller's, or those of the `username` that an administrator gives. */
function ownerOf(call: Call): User {
  const { world, principal } = call;
  const name = argument(call, "username");
  if (principal.user && (name === undefined || name === principal.user.name)) return principal.user;
  if (!isAdministrator(principal)) throw refusal("NOT_AUTHORIZED");
  const user = userNamed(world, name ?? "");
  if (!user) throw refusal("NO_SUCH_USER");
  return user;
}

function tokenOf(call: Call): ApiToken {
  const token = call.world.apiTokens.get(parameter(call, "hashedToken"));
  if (!token) throw new Refusal(404, "NO_SUCH_API_TOKEN", "An access token with the given id does not exist.");
  if (token.owner !== actorOf(call.principal) && !isAdministrator(call.principal)) throw refusal("NOT_AUTHORIZED");
  return token;
}

function view(world: World, { hashedToken, tokenLabel, isActive, lastUsed, createdAt, generatedBy, creatorUa }: ApiToken) {
  const dates = { lastUsed: dateText(world, lastUsed), createdAt: dateText(world, createdAt) };
  return { hashedToken, tokenLabel, isActive, ...dates, generatedBy, creatorUa };
}

/** The same UUID for the same seed, and none that can be counted up to. */
function uuidFrom(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
