import type { Handler, SandboxResponse } from "../contract";
import { isObject } from "../references";
import { principalOf } from "./access";
import { accountRoutes } from "./accounts";
import type { Call } from "./call";
import { enziAccountRoutes } from "./enzi/accounts";
import { memberRoutes } from "./enzi/members";
import { teamRoutes } from "./enzi/teams";
import { errorResponse, Refusal, refusal } from "./errors";
import { manifestRoutes } from "./manifests";
import { mirroringPolicyRoutes } from "./mirroring-policies";
import { pollMirroringPolicyRoutes } from "./poll-mirroring-policies";
import { promotionPolicyRoutes } from "./promotion-policies";
import { pruningPolicyRoutes } from "./pruning-policies";
import { pushMirroringPolicyRoutes } from "./push-mirroring-policies";
import { repositoryRoutes } from "./repositories";
import { permit, type Route, routing } from "./route";
import { beyondRoutes } from "./service";
import { serviceRoutes } from "./service-routes";
import { tagRoutes } from "./tags";
import { teamAccessRoutes } from "./team-access";
import type { World } from "./world";

/** Every operation of `/api/v0` and `/enzi/v0`, and those of the service that stand beside them. One array for each area. */
export const routes: readonly Route[] = [
  ...repositoryRoutes,
  ...manifestRoutes,
  ...tagRoutes,
  ...teamAccessRoutes,
  ...promotionPolicyRoutes,
  ...pruningPolicyRoutes,
  ...mirroringPolicyRoutes,
  ...pollMirroringPolicyRoutes,
  ...pushMirroringPolicyRoutes,
  ...accountRoutes,
  ...enziAccountRoutes,
  ...memberRoutes,
  ...teamRoutes,
  ...serviceRoutes,
  ...beyondRoutes,
];

/** `/api/v0`, `/enzi/v0`, `/health` and `/ca`. `subjectOf` tells whose a bearer token of `/auth/token` is. */
export function createApi(world: World, subjectOf: (authorization: string) => string | undefined): Handler {
  const find = routing(routes);
  const lastLists = new Map<string, SandboxResponse>();
  return async (request) => {
    try {
      const { route, parameters } = find(request);
      const principal = principalOf(world, request, subjectOf);
      if (principal === "refused") throw refusal("NOT_AUTHENTICATED");
      const call: Call = { world, principal, request, parameters };
      permit(call, route.who);
      const answer = await route.run(call);
      if (!route.list) return answer;
      // As it was the last time, or as if nothing had been there yet.
      const key = `${request.rawPath}?${request.query} ${request.headers.authorization ?? ""}`;
      if (request.fault === "stale-list") return lastLists.get(key) ?? emptied(answer);
      if (!request.fault) lastLists.set(key, answer);
      return answer;
    } catch (error) {
      if (error instanceof Refusal) return errorResponse(world.switches, error);
      throw error;
    }
  };
}

/** The same list with nothing in it, and no next page. */
function emptied({ status, json }: SandboxResponse): SandboxResponse {
  if (Array.isArray(json)) return { status, json: [] };
  if (!isObject(json)) return { status, json };
  const fields = Object.entries(json).map(([key, value]) => [key, Array.isArray(value) ? [] : key === "nextPageStart" ? "" : value]);
  return { status, json: Object.fromEntries(fields) };
}
