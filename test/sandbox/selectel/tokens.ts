import { type Call, flag, jsonBody, type Operation, segment } from "./call";
import { dockerConfig } from "./docker-config";
import { page } from "./list";
import { Refusal } from "./refusal";
import { parseExpiration, parseName, parseScope, parseWrappedExpiration, viewOf } from "./token-properties";
import { type NamedToken, newSecret } from "./world";

export const listTokens: Operation = (call) => {
  const { world, project } = call;
  const mode = call.request.query.get("scope_mode");
  if (mode !== null && mode !== "ro" && mode !== "rw") throw new Refusal(400, "scope_mode value is invalid");
  const wanted = (token: NamedToken) => token.project === project && (mode === null || token.scope.modeRW === (mode === "rw"));
  const removed = world.removed.tokens.get(project.id);
  const { items, filtered } = page(call, {
    items: [...world.tokens.values()].filter(wanted),
    at: ({ createdAt }) => createdAt.getTime(),
    removed: removed && wanted(removed) ? removed : undefined,
    matches: ({ name }, search) => name.toLowerCase().includes(search),
    sort: {
      createdAt: ({ createdAt }) => createdAt.getTime(),
      name: ({ name }) => name,
      lastUsedAt: ({ lastUsedAt }) => lastUsedAt?.getTime() ?? 0,
      expiresAt: ({ expiration }) => (expiration.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiration.expiresAt)),
    },
  });
  return { status: 200, json: { tokens: items.map((token) => viewOf(world, token)), totalCount: filtered } };
};

export const createToken: Operation = (call) => {
  const { world, project } = call;
  const body = jsonBody(call.request);
  const asConfig = flag(call, "docker-config");
  const token: NamedToken = {
    id: world.randomUuid(),
    project,
    createdAt: world.clock.now(),
    name: parseName(body.name ?? ""),
    secret: newSecret(world),
    expiration: parseExpiration(body.expiration),
    scope: parseScope(world, body.scope),
    revoked: false,
  };
  world.tokens.set(token.id, token);
  world.removed.tokens.delete(project.id);
  const json = asConfig ? dockerConfig(world, token.secret) : { ...viewOf(world, token), token: token.secret };
  return { status: world.switches.tokenCreateStatus, json };
};

export const getToken: Operation = (call) => {
  const token = tokenOf(call);
  if (token.revoked && call.world.switches.revokedTokenGet === "404") throw notFound();
  return { status: 200, json: viewOf(call.world, token) };
};

/** Only what the body names changes. */
export const updateToken: Operation = (call) => {
  const token = tokenOf(call);
  const body = jsonBody(call.request);
  const name = body.name === undefined ? token.name : parseName(body.name);
  const expiration = body.expiration === undefined ? token.expiration : parseExpiration(body.expiration);
  const scope = body.scope === undefined ? token.scope : parseScope(call.world, body.scope);
  Object.assign(token, { name, expiration, scope });
  return { status: 200, json: viewOf(call.world, token) };
};

/** New end, same secret. A revoked token cannot be refreshed, only regenerated or deleted. */
export const refreshToken: Operation = (call) => {
  const token = tokenOf(call);
  const expiration = parseWrappedExpiration(call.world, jsonBody(call.request));
  if (token.revoked) throw notFound();
  token.expiration = expiration;
  return { status: 200, json: viewOf(call.world, token) };
};

/** "Revokes the token and generates a new one with the same properties": same id, new secret, active again. */
export const regenerateToken: Operation = (call) => {
  const token = tokenOf(call);
  token.expiration = parseWrappedExpiration(call.world, jsonBody(call.request));
  token.secret = newSecret(call.world);
  token.revoked = false;
  return { status: 200, json: { ...viewOf(call.world, token), token: token.secret } };
};

/** It stays in the list. */
export const revokeToken: Operation = (call) => {
  tokenOf(call).revoked = true;
  return { status: 204 };
};

export const deleteToken: Operation = (call) => {
  const token = tokenOf(call);
  call.world.tokens.delete(token.id);
  call.world.removed.tokens.set(call.project.id, token);
  return { status: 204 };
};

function tokenOf(call: Call): NamedToken {
  const token = call.world.tokens.get(segment(call, "id"));
  if (!token || token.project !== call.project) throw notFound();
  return token;
}

function notFound(): Refusal {
  return new Refusal(404, "Token not found.");
}
