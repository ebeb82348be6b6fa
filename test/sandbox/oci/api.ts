import type { Access, Handler, OciApiOptions, SandboxRequest, SandboxResponse } from "../contract";
import { blob } from "./blobs";
import { failure, notFound } from "./errors";
import { catalog, tags } from "./lists";
import { manifest } from "./manifests";
import { referrers } from "./referrers";
import { type Route, routeOf } from "./route";
import { type OciSwitches, withDefaults } from "./switches";
import { Uploads } from "./uploads";

/**
 * The whole of OCI distribution 1.1, and Docker's catalog, over a store. Without `authorize` everybody may do everything. A vendor's registry
 * host is this with its own `authorize` and `beforeWrite`.
 */
export function createOciApi(options: OciApiOptions & OciSwitches): Handler {
  const context = { ...options, switches: withDefaults(options) };
  const uploads = new Uploads(context);
  const lastLists = new Map<string, SandboxResponse>();

  const answer = async (request: SandboxRequest): Promise<SandboxResponse> => {
    if (request.rawPath === "/v2") return { status: 301, headers: { location: "/v2/" } };
    const route = routeOf(request.rawPath);
    if (!route) return notFound();
    const refusal = await refuse(options, route, request);
    if (refusal) return refusal;
    switch (route.kind) {
      case "ping":
        return isRead(request) ? { status: 200, json: {} } : methodNotAllowed("GET, HEAD");
      case "catalog":
        return listed(request, () => catalog(context, request));
      case "tags":
        return listed(request, () => tags(context, route.repository, request));
      case "referrers":
        return listed(request, () => referrers(context, route.repository, route.digest, request));
      case "manifest":
        return manifest(context, route.repository, route.reference, request) ?? methodNotAllowed("GET, HEAD, PUT, DELETE");
      case "blob":
        return blob(context, route.repository, route.digest, request) ?? methodNotAllowed("GET, HEAD, DELETE");
      case "uploads":
        return request.method === "POST" ? uploads.start(route.repository, request) : methodNotAllowed("POST");
      case "upload":
        return uploads.continue(route.repository, route.session, request) ?? methodNotAllowed("GET, PATCH, PUT, DELETE");
    }
  };

  /** A list; with the fault `stale-list` what the same request was answered the last time, or an empty one. */
  const listed = (request: SandboxRequest, list: () => SandboxResponse): SandboxResponse => {
    if (request.method !== "GET") return methodNotAllowed("GET");
    const key = `${request.rawPath}?${request.query}`;
    const fresh = list();
    if (request.fault === "stale-list") return lastLists.get(key) ?? emptied(fresh);
    if (fresh.status === 200 && !request.fault) lastLists.set(key, fresh);
    return fresh;
  };

  return async (request) => {
    const response = await answer(request);
    return { ...response, headers: { "docker-distribution-api-version": "registry/2.0", ...response.headers } };
  };
}

async function refuse(options: OciApiOptions, route: Route, request: SandboxRequest): Promise<SandboxResponse | undefined> {
  const refusal = await options.authorize?.(request, accessOf(route, request));
  if (refusal) return refusal;
  // An API without authorization has no sessions that could expire, but a test may ask for the answer all the same.
  if (request.fault === "expired-session") return failure(401, "UNAUTHORIZED");
  return "repository" in route && !isRead(request) ? options.beforeWrite?.(route.repository, request) : undefined;
}

/** As distribution demands: `delete` alone for DELETE, `pull,push` for writes, and `pull` on the source of a mount. */
function accessOf(route: Route, request: SandboxRequest): Access {
  if (route.kind === "ping") return { actions: [] };
  if (route.kind === "catalog") return { actions: ["catalog"] };
  const { repository } = route;
  if (isRead(request)) return { repository, actions: ["pull"] };
  if (request.method === "DELETE") return { repository, actions: ["delete"] };
  const from = request.query.has("mount") ? request.query.get("from") : null;
  return { repository, actions: ["pull", "push"], ...(from && { from }) };
}

function isRead({ method }: SandboxRequest): boolean {
  return method === "GET" || method === "HEAD";
}

function methodNotAllowed(allow: string): SandboxResponse {
  return { status: 405, headers: { allow, "content-type": "text/plain; charset=utf-8" }, body: "Method not allowed\n" };
}

/** The same list with nothing in it. */
function emptied(response: SandboxResponse): SandboxResponse {
  if (response.status !== 200 || typeof response.json !== "object" || response.json === null) return response;
  const json = Object.fromEntries(Object.entries(response.json).map(([key, value]) => [key, Array.isArray(value) ? [] : value]));
  return { status: 200, json };
}
