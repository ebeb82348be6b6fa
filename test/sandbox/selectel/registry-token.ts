import type { Handler, SandboxRequest } from "../contract";
import { basicSecret, credentialOf, mayDo } from "./credential";
import type { Grant, World } from "./world";

/** Seconds that a Bearer token of the registry host lives. */
const lifetime = 300;

/** The token service of the registry host, in front of its OCI API: only there when the host's challenge is `bearer`. */
export function withTokenService(world: World, host: Handler): Handler {
  return (request) => {
    if (request.rawPath !== "/token" || world.switches.hostAuth !== "bearer") return host(request);
    const secret = basicSecret(request.headers.authorization ?? "");
    const credential = secret === undefined ? undefined : credentialOf(world, secret);
    if (secret === undefined || !credential || request.fault === "expired-session") {
      return { status: 401, json: { details: "incorrect username or password" } };
    }
    const actions = new Map<string, ReadonlySet<string>>();
    for (const scope of request.query.getAll("scope").flatMap((value) => value.split(" "))) {
      const [, name, list] = /^repository:(.+):([a-z,*]+)$/.exec(scope) ?? [];
      if (name === undefined || list === undefined) continue;
      const asked = list === "*" ? ["pull", "push", "delete"] : list.split(",");
      actions.set(name, new Set([...(actions.get(name) ?? []), ...asked.filter((action) => mayDo(world, credential, name, action))]));
    }
    const now = world.clock.now();
    const token = world.randomUuid();
    world.grants.set(token, { secret, actions, expiresAt: new Date(now.getTime() + lifetime * 1000) });
    return { status: 200, json: { token, access_token: token, expires_in: lifetime, issued_at: now.toISOString() } };
  };
}

export function tokenRealm(request: SandboxRequest): string {
  return `${request.origin}/token`;
}

export function bearerGrant(world: World, header: string): Grant | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  const grant = world.grants.get(token ?? "");
  return grant && grant.expiresAt > world.clock.now() ? grant : undefined;
}
