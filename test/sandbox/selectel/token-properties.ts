import { isObject, isStrings, type JsonObject } from "./call";
import { Refusal } from "./refusal";
import type { Expiration, NamedToken, Scope, World } from "./world";

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** `{"isSet":true,"expiresAt":…}` or `{"isSet":false}`; the latter may carry Go's zero time, as craas-go sends it. */
export function parseExpiration(value: unknown): Expiration {
  if (!isObject(value) || typeof value.isSet !== "boolean") throw new Refusal(400, "expiration value is invalid");
  if (!value.isSet) return { isSet: false };
  const { expiresAt } = value;
  if (typeof expiresAt !== "string" || !rfc3339.test(expiresAt) || Number.isNaN(Date.parse(expiresAt))) {
    throw new Refusal(400, "expiresAt value is invalid");
  }
  return { isSet: true, expiresAt };
}

/** The wrapped `{"expiration":{…}}` of refresh and regenerate; the bare form by switch. */
export function parseWrappedExpiration(world: World, body: JsonObject): Expiration {
  const bare = world.switches.bareExpiration === "accepted" && body.expiration === undefined;
  return parseExpiration(bare ? body : body.expiration);
}

export function parseScope(world: World, value: unknown): Scope {
  if (!isObject(value)) throw new Refusal(400, "scope value is invalid");
  const { modeRW = false, allRegistries = false } = value;
  const registryIds = value.registryIds ?? [];
  if (typeof modeRW !== "boolean" || typeof allRegistries !== "boolean" || !isStrings(registryIds)) {
    throw new Refusal(400, "scope value is invalid");
  }
  const both = allRegistries && registryIds.length > 0;
  if (both && world.switches.bothScopes === "400") throw new Refusal(400, "scope value is invalid: allRegistries excludes registryIds");
  return { modeRW, allRegistries: allRegistries && !both, registryIds };
}

export function parseName(value: unknown): string {
  if (typeof value !== "string") throw new Refusal(400, "name value is invalid");
  return value;
}

/** `active`, `expired` or `revoked`. */
export function statusOf(world: World, { revoked, expiration }: NamedToken): string {
  if (revoked) return "revoked";
  return expiration.expiresAt !== undefined && Date.parse(expiration.expiresAt) < world.clock.now().getTime() ? "expired" : "active";
}

/** As every answer shows a token; the secret is added only by create and regenerate. */
export function viewOf(world: World, token: NamedToken) {
  const { createdAt, expiration, id, lastUsedAt, name, scope } = token;
  const zero = !expiration.isSet && world.switches.unsetExpiresAt === "zero";
  return {
    createdAt: createdAt.toISOString(),
    expiration: zero ? { ...expiration, expiresAt: "0001-01-01T00:00:00Z" } : expiration,
    id,
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
    name,
    scope,
    status: statusOf(world, token),
  };
}
