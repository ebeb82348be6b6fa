import { type Call, flag, type Operation, segment } from "./call";
import { dockerConfig } from "./docker-config";
import { Refusal } from "./refusal";
import { newSecret, type SimpleToken } from "./world";

/** Seconds. */
const lifetimes = { "12h": 43_200, "1y": 31_536_000 } as const;

export const createSimpleToken: Operation = (call) => {
  const { world } = call;
  const ttl = call.request.query.get("ttl") ?? "12h";
  if (ttl !== "12h" && ttl !== "1y") throw new Refusal(400, "ttl value is invalid");
  const asConfig = flag(call, "docker-config");
  const secret = newSecret(world);
  const token: SimpleToken = { secret, project: call.project, ttl, expiresAt: expiry(call, ttl) };
  world.simpleTokens.set(secret, token);
  const json = asConfig ? dockerConfig(world, secret) : { ...times(call, token), token: secret };
  return { status: world.switches.tokenCreateStatus, json };
};

/** Without `token`: the client has it in the path already. */
export const getSimpleToken: Operation = (call) => ({ status: 200, json: times(call, live(call)) });

export const refreshSimpleToken: Operation = (call) => {
  if (!/^[\w-]{40}$/.test(segment(call, "token"))) throw malformed();
  const token = live(call);
  token.expiresAt = expiry(call, token.ttl);
  return { status: 200, json: { ...times(call, token), token: token.secret } };
};

export const revokeSimpleToken: Operation = (call) => {
  const token = call.world.simpleTokens.get(segment(call, "token"));
  if (!token || token.project !== call.project) throw malformed();
  call.world.simpleTokens.delete(token.secret);
  return { status: 204 };
};

function live(call: Call): SimpleToken {
  const token = call.world.simpleTokens.get(segment(call, "token"));
  if (!token || token.project !== call.project || token.expiresAt < call.world.clock.now()) throw new Refusal(404, "Token not found.");
  return token;
}

function malformed(): Refusal {
  return new Refusal(400, "Invalid or malformed token.");
}

function expiry(call: Call, ttl: SimpleToken["ttl"]): Date {
  return new Date(call.world.clock.now().getTime() + lifetimes[ttl] * 1000);
}

function times(call: Call, { expiresAt }: SimpleToken) {
  const expireAt = Math.floor(expiresAt.getTime() / 1000);
  return { expireAt, expireIn: expireAt - Math.floor(call.world.clock.now().getTime() / 1000) };
}
