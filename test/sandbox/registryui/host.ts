import type { Authorize, Handler, SandboxRequest, SandboxResponse } from "../contract";
import { createOciApi, failure, type OciSwitches } from "../oci";
import { accessDetail, neededActions } from "../oci/basic";
import { polled, settle } from "./garbage-collection";
import { page } from "./refusal";
import { mayRead, mayUpdate, type Principal, principalOf } from "./users";
import { isOffline, tagKey, type World } from "./world";

/**
 * RegistryUI runs the official registry image, which was a 2.x when the description was written: no deletion by tag, no referrers API, lists
 * that do not page, OCI manifests only for whom accepts them by name.
 */
const OFFICIAL_IMAGE: OciSwitches = {
  tagDelete: "unsupported",
  referrersApi: false,
  paging: "distribution-2.8",
  accept: "distribution-2.8",
};

/** `/v2` of the same origin, for the same users with the same tokens. What is pushed and pulled by tag is noted. */
export function createHost(world: World, switches: OciSwitches = {}): Handler {
  const api = createOciApi({ ...OFFICIAL_IMAGE, ...switches, store: world.store, clock: world.clock, authorize: authorize(world) });
  return async (request) => {
    settle(world);
    const response = await api(request);
    if (response.status === 200 || response.status === 201) note(world, request);
    return response;
  };
}

/** Anonymous clients may pull from public repositories, users what they may read; they push what they may update; only administrators delete. */
function authorize(world: World): Authorize {
  return (request, access) => {
    const principal = principalOf(world, request.headers.authorization);
    const needed = neededActions(access);
    const challenge = () =>
      failure(401, { code: "UNAUTHORIZED", detail: accessDetail(access) }, { "www-authenticate": 'Basic realm="RegistryUI"' });
    if (principal === "refused" || request.fault === "expired-session") return challenge();
    const allowed = needed.every(([repository, action]) => may(world, principal, action, repository));
    if (principal.name === "" && (needed.length === 0 || !allowed)) return challenge();
    if (!allowed) return failure(403, "DENIED");
    if (!isOffline(world)) return undefined;
    polled(world);
    return offlineNotice(world);
  };
}

function may(world: World, principal: Principal, action: string, repository: string | undefined): boolean {
  if (principal.administrator) return true;
  if (repository === undefined) return false;
  if (action === "pull") return mayRead(world, principal, repository);
  return action === "push" && mayUpdate(world, principal, repository);
}

/** "Push and pull fail with an offline notice", of which no text shows the form. */
function offlineNotice({ switches }: World): SandboxResponse {
  const message = "The Docker Registry is currently offline.";
  if (switches.hostOffline === "html") return page(503, message);
  if (switches.hostOffline === "403") return failure(403, { code: "DENIED", message });
  return { status: 503, json: { errors: [{ code: "UNAVAILABLE", message }] } };
}

function note(world: World, { method, rawPath, headers }: SandboxRequest): void {
  const [, repository, tag] = /^\/v2\/(.+)\/manifests\/([^/:]+)$/.exec(decodeURIComponent(rawPath)) ?? [];
  if (repository === undefined || tag === undefined) return;
  const key = tagKey(repository, tag);
  const principal = principalOf(world, headers.authorization);
  if (method === "GET") world.pulls.set(key, (world.pulls.get(key) ?? 0) + 1);
  if (method !== "PUT" || principal === "refused") return;
  world.pushedBy.set(key, principal.name);
  // A tag that was deleted meanwhile begins anew.
  if (world.store.repository(repository)?.tagPushes.get(tag)?.count === 1) world.pulls.delete(key);
}
