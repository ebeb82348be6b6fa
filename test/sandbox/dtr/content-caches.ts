import { type Call, form, parameter, text } from "./call";
import { Refusal } from "./errors";
import { absent, listed, type Route } from "./route";
import { services } from "./services";

const path = "/api/v0/content_caches";

export const contentCacheRoutes: readonly Route[] = [
  { method: "GET", path, who: "user", list: true, run: list },
  { method: "POST", path, who: "admin", run: create },
  { method: "GET", path: `${path}/{id}`, who: "user", run: get },
  { method: "DELETE", path: `${path}/{id}`, who: "admin", run: remove },
];

function list({ world }: Call) {
  return { status: 200, json: listed(world, [...services(world).contentCaches.values()]) };
}

/** There is no update: whoever wants another host deletes and creates. */
function create(call: Call) {
  const { contentCaches } = services(call.world);
  const fields = form(call);
  const [name, host] = [text(fields, "name") ?? "", text(fields, "host") ?? ""];
  if (name === "" || !/^https?:\/\/./.test(host) || !URL.canParse(host)) throw invalid("A content cache has a name and the URL of a host.");
  if ([...contentCaches.values()].some((cache) => cache.name === name)) throw invalid(`There is a content cache ${name} already.`);
  const cache = { id: call.world.newId(), name, host };
  contentCaches.set(cache.id, cache);
  return { status: 201, json: cache };
}

function get(call: Call) {
  const cache = services(call.world).contentCaches.get(parameter(call, "id"));
  if (!cache) throw noSuchCache();
  return { status: 200, json: cache };
}

function remove(call: Call) {
  if (services(call.world).contentCaches.delete(parameter(call, "id"))) return { status: 204 };
  return absent(call.world, noSuchCache());
}

function invalid(message: string): Refusal {
  return new Refusal(400, "INVALID_CONTENT_CACHE", message);
}

function noSuchCache(): Refusal {
  return new Refusal(404, "NO_SUCH_CONTENT_CACHE", "A content cache with the given id does not exist.");
}
