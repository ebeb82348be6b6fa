import { type Call, form, type JsonObject, parameter, text } from "./call";
import { Refusal } from "./errors";
import type { Override } from "./findings";
import { listed, type Route } from "./route";
import { services } from "./services";

const path = "/api/v0/imagescan/layeroverride";

export const layerOverrideRoutes: readonly Route[] = [
  { method: "GET", path, who: "admin", list: true, run: list },
  { method: "POST", path: `${path}/{layer}`, who: "admin", run: set },
  { method: "DELETE", path: `${path}/{id}`, who: "admin", run: remove },
];

function list({ world }: Call) {
  return { status: 200, json: listed(world, [...services(world).overrides.values()]) };
}

/** The same finding again only changes the notes. */
function set(call: Call) {
  const { overrides } = services(call.world);
  const digest = knownLayer(call, "layer");
  const fields = form(call);
  const wanted = {
    digest,
    component: need(fields, "component"),
    componentVersion: need(fields, "componentVersion"),
    cve: need(fields, "cve"),
  };
  const isSame = (one: Override) =>
    one.digest === digest &&
    one.component === wanted.component &&
    one.componentVersion === wanted.componentVersion &&
    one.cve === wanted.cve;
  const pk = [...overrides.values()].find(isSame)?.pk ?? call.world.newId();
  overrides.set(pk, { pk, ...wanted, notes: text(fields, "notes") ?? "" });
  return { status: 200 };
}

function remove(call: Call) {
  if (!services(call.world).overrides.delete(parameter(call, "id"))) throw noSuchLayer();
  return { status: 200 };
}

/** The digest of a layer that an image in some repository has; `sha256:` may be left out. Throws `NO_SUCH_LAYER`. */
export function knownLayer(call: Call, name: string): string {
  const given = parameter(call, name);
  const digest = /^[0-9a-f]{64}$/.test(given) ? `sha256:${given}` : given;
  if (!call.world.store.repositories().some(({ blobs }) => blobs.has(digest))) throw noSuchLayer();
  return digest;
}

function need(fields: JsonObject, name: string): string {
  const value = text(fields, name);
  if (!value) throw new Refusal(400, "INVALID_SETTINGS", `${name} is required.`);
  return value;
}

function noSuchLayer(): Refusal {
  return new Refusal(404, "NO_SUCH_LAYER", "A layer with the given digest does not exist.");
}
