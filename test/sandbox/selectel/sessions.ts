import type { SandboxRequest } from "../contract";
import type { Project, Session, World } from "./world";

/** "IAM tokens live for 24 hours." */
const lifetime = 24 * 60 * 60 * 1000;

export function openSession(world: World, project: Project | undefined, readyMade = false): Session {
  const issuedAt = world.clock.now();
  const token = `gAAAAA${`${world.randomUuid()}${world.randomUuid()}`.replaceAll("-", "")}`;
  const session: Session = { token, project, issuedAt, expiresAt: new Date(issuedAt.getTime() + lifetime), readyMade };
  world.sessions.set(token, session);
  return session;
}

/** The session of `X-Auth-Token` unless it is unknown or over. The fault `expired-session` ends it. */
export function sessionOf(world: World, request: SandboxRequest): Session | undefined {
  const session = liveSession(world, request.headers["x-auth-token"]);
  if (request.fault !== "expired-session") return session;
  if (session && !session.readyMade) world.sessions.delete(session.token);
  return undefined;
}

export function liveSession(world: World, token: string | undefined): Session | undefined {
  const session = world.sessions.get(token ?? "");
  return session && session.expiresAt > world.clock.now() ? session : undefined;
}
