import type { Handler, SandboxRequest, SandboxResponse } from "../contract";
import { isObject, type JsonObject, parseJson } from "./call";
import { tokenBody } from "./keystone-token";
import { liveSession, openSession, sessionOf } from "./sessions";
import type { Project, World } from "./world";

const titles: Readonly<Record<number, string>> = { 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed" };
const unauthenticated = "The request you have made requires authentication.";

/** OpenStack's identity service below `/identity/v3`: as much of it as the registry's clients use. */
export function createIdentity(world: World): Handler {
  return (request) => {
    const path = request.rawPath.replace(/^\/identity\/v3/, "").replace(/\/$/, "");
    switch (path) {
      case "":
        return {
          status: 200,
          json: { version: { id: "v3.14", status: "stable", links: [{ rel: "self", href: `${request.origin}/identity/v3/` }] } },
        };
      case "/auth/tokens":
        return request.method === "POST" ? issue(world, request) : inspect(world, request);
      case "/auth/projects":
        return projects(world, request);
      default:
        return failure(404, "The resource could not be found.");
    }
  };
}

function issue(world: World, request: SandboxRequest): SandboxResponse {
  const auth = child(parseJson(request.body), "auth");
  const identity = child(auth, "identity");
  const user = child(child(identity, "password"), "user");
  if (!auth || !identity || !Array.isArray(identity.methods)) return failure(400, "Expecting to find auth.identity in the request body.");
  const known =
    identity.methods.includes("password") &&
    user !== undefined &&
    (user.name === world.account.username || user.id === world.account.userId) &&
    (user.id !== undefined || isAccount(world, child(user, "domain"))) &&
    user.password === world.account.password;
  const scope = known ? scopeOf(world, auth.scope) : undefined;
  if (!scope) return failure(401, unauthenticated);
  const session = openSession(world, scope.project);
  return { status: 201, headers: { "x-subject-token": session.token }, json: tokenBody(world, request, session) };
}

/** A project by id, or by name and the account's domain; the account itself, or nothing: such a token opens no registry. */
function scopeOf(world: World, scope: unknown): { readonly project?: Project } | undefined {
  if (scope === undefined) return {};
  const wanted = child(scope, "project");
  if (!wanted) return isAccount(world, child(scope, "domain")) ? {} : undefined;
  const project = world.projects.find(
    ({ id, name }) => wanted.id === id || (wanted.name === name && isAccount(world, child(wanted, "domain"))),
  );
  return project && { project };
}

/** GET validates the token in `X-Subject-Token`, HEAD too but without a body, DELETE ends it. */
function inspect(world: World, request: SandboxRequest): SandboxResponse {
  if (!sessionOf(world, request)) return failure(401, unauthenticated);
  const subject = liveSession(world, request.headers["x-subject-token"]);
  if (!subject) return failure(404, "Could not find token.");
  switch (request.method) {
    case "GET":
      return { status: 200, headers: { "x-subject-token": subject.token }, json: tokenBody(world, request, subject) };
    case "HEAD":
      return { status: 200, headers: { "x-subject-token": subject.token } };
    case "DELETE":
      world.sessions.delete(subject.token);
      return { status: 204 };
    default:
      return failure(405, "The method is not allowed for the requested URL.");
  }
}

function projects(world: World, request: SandboxRequest): SandboxResponse {
  if (!sessionOf(world, request)) return failure(401, unauthenticated);
  if (request.method !== "GET") return failure(405, "The method is not allowed for the requested URL.");
  const json = world.projects.map(({ id, name }) => ({ id, name, domain_id: world.account.id, enabled: true, is_domain: false }));
  return {
    status: 200,
    json: { projects: json, links: { next: null, previous: null, self: `${request.origin}/identity/v3/auth/projects` } },
  };
}

function isAccount(world: World, domain: JsonObject | undefined): boolean {
  return domain?.name === world.account.id || domain?.id === world.account.id;
}

function child(value: unknown, name: string): JsonObject | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : undefined;
}

function failure(code: number, message: string): SandboxResponse {
  return { status: code, json: { error: { code, message, title: titles[code] } } };
}
