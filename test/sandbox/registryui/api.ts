import type { Handler, SandboxRequest, SandboxResponse } from "../contract";
import type { Operation } from "./call";
import { polled, settle } from "./garbage-collection";
import { askOffline, collectGarbage, GatewayTimeout, setOffline, setOnline } from "./maintenance";
import { errorResponse, type Kind, notAuthorized, offline, page, Refusal } from "./refusal";
import { createProject, deleteFolder, listRepositories } from "./repositories";
import { deleteTag, listTags, tagInfo } from "./tags";
import { type Principal, principalOf } from "./users";
import { isOffline, type World } from "./world";

interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly kind: Kind;
  /** `readers`: everybody, who then sees what he may. `status`: by the switch `offlineAsked`. */
  readonly who: "administrators" | "readers" | "status";
  /** True for what works while the registry is offline, or says itself that it does not. */
  readonly whileOffline?: true;
  readonly run: Operation;
}

export const BASE = "/udr/v1api/";

/** The ten calls. */
export const routes: readonly Route[] = [
  { method: "GET", path: "isoffline", kind: "data", who: "status", whileOffline: true, run: askOffline },
  { method: "POST", path: "setoffline", kind: "data", who: "administrators", whileOffline: true, run: setOffline },
  { method: "POST", path: "setonline", kind: "data", who: "administrators", whileOffline: true, run: setOnline },
  { method: "POST", path: "garbagecollection", kind: "data", who: "administrators", whileOffline: true, run: collectGarbage },
  { method: "POST", path: "project/create", kind: "data", who: "administrators", run: createProject },
  { method: "GET", path: "repositories", kind: "list", who: "readers", run: listRepositories },
  { method: "DELETE", path: "folder", kind: "data", who: "administrators", run: deleteFolder },
  { method: "GET", path: "tags", kind: "list", who: "readers", run: listTags },
  { method: "GET", path: "taginfo", kind: "data", who: "readers", run: tagInfo },
  { method: "DELETE", path: "taginfo", kind: "data", who: "administrators", run: deleteTag },
];

/** The Extended API below `/udr/v1api/`. */
export function createExtendedApi(world: World): Handler {
  const lastLists = new Map<string, SandboxResponse>();
  return async (request) => {
    settle(world);
    const found = routeOf(world, request);
    if ("status" in found) return found;
    const key = `${found.path}?${request.query} ${request.headers.authorization ?? ""}`;
    try {
      const principal = authorized(world, found, request);
      const answer = { status: 200, json: { error: null, ...(await found.run({ world, principal, request })) } };
      if (found.kind === "data") return answer;
      // As it was the last time, or as if nothing had been there yet.
      if (request.fault === "stale-list")
        return lastLists.get(key) ?? { status: 200, json: { error: null, total: 0, count: 0, entries: [] } };
      if (!request.fault) lastLists.set(key, answer);
      return answer;
    } catch (error) {
      if (error instanceof Refusal) return errorResponse(world, found.kind, error);
      if (error instanceof GatewayTimeout) return page(504, "Gateway Time-out");
      throw error;
    }
  };
}

/** The route of a request, or what the web server says of one that has none. */
function routeOf(world: World, { rawPath, method, headers }: SandboxRequest): Route | SandboxResponse {
  const candidates = routes.filter(({ path }) => rawPath === `${BASE}${path}`);
  if (candidates.length === 0) return page(404, "Not Found");
  const route = candidates.find((one) => methodsOf(world, one).includes(method));
  if (!route) return page(405, "Method Not Allowed", { allow: candidates.flatMap((one) => methodsOf(world, one)).join(", ") });
  const announced = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
  return method === "POST" && world.switches.lengthRequired && !announced ? page(411, "Length Required") : route;
}

/** The samples of `repositories`, `tags` and `taginfo` send POST where the tables say GET. */
function methodsOf({ switches }: World, { method, who }: Route): readonly string[] {
  if (who !== "readers" || switches.reads === "GET") return [method];
  return switches.reads === "POST" ? ["POST"] : ["GET", "POST"];
}

/** Who asks, when he may. First come credentials and rights, then whether the registry is offline. */
function authorized(world: World, { who, whileOffline }: Route, request: SandboxRequest): Principal {
  const principal = principalOf(world, request.headers.authorization);
  if (principal === "refused" || request.fault === "expired-session") throw notAuthorized(false);
  const { publicApi, offlineAsked } = world.switches;
  const open = who === "readers" ? publicApi : who === "status" && offlineAsked === "anybody";
  if (principal.name === "" && !open) throw notAuthorized(false);
  const forAdministrators = who === "administrators" || (who === "status" && offlineAsked === "administrators");
  if (forAdministrators && !principal.administrator) throw notAuthorized();
  if (isOffline(world) && !whileOffline) {
    polled(world);
    throw offline();
  }
  return principal;
}
