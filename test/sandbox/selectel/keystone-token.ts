import type { SandboxRequest } from "../contract";
import type { Session, World } from "./world";

/** What Keystone says about a token: its project, its end, and the catalog in which clients look the registry's endpoints up. */
export function tokenBody(world: World, request: SandboxRequest, session: Session) {
  const domain = { id: world.account.id, name: world.account.id };
  const { project } = session;
  const catalog = request.query.has("nocatalog") ? {} : { catalog: catalogOf(world, request) };
  return {
    token: {
      audit_ids: [session.token.slice(-22)],
      expires_at: microseconds(session.expiresAt),
      is_domain: false,
      issued_at: microseconds(session.issuedAt),
      methods: ["password"],
      roles: [{ id: "member", name: "member" }],
      user: { domain, id: world.account.userId, name: world.account.username, password_expires_at: null },
      ...(project && { project: { domain, id: project.id, name: project.name }, ...catalog }),
    },
  };
}

function catalogOf(world: World, request: SandboxRequest) {
  const api = world.apiOrigin ?? request.origin;
  return [
    service("identity", "keystone", `${request.origin}/identity/v3`),
    service("container-registry", "craas", `${api}/api/v1`),
    service("container-registry-v2", "craas-v2", `${api}/api/v2`),
  ];
}

function service(type: string, name: string, url: string) {
  const endpoint = { id: `${name}-public`, interface: "public", region: "ru-1", region_id: "ru-1", url };
  return { endpoints: [endpoint], id: name, name, type };
}

/** Keystone writes six digits. */
function microseconds(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
