import { type Call, form, parameter, textMap } from "./call";
import { actionOf, lookUp, missing } from "./jobrunner";
import { absent, listed, type Route } from "./route";
import { services } from "./services";

const path = "/api/v0/action_configs";

export const actionConfigRoutes: readonly Route[] = [
  { method: "GET", path, who: "admin", list: true, run: list },
  { method: "POST", path, who: "admin", run: set },
  { method: "GET", path: `${path}/{action}`, who: "admin", run: get },
  { method: "DELETE", path: `${path}/{action}`, who: "admin", run: remove },
];

function list({ world }: Call) {
  return { status: 200, json: { actionConfigs: listed(world, [...services(world).actionConfigs.values()]) } };
}

/** Creates the configuration of the action, or takes the place of the one that there is. */
function set(call: Call) {
  const { actionConfigs } = services(call.world);
  const fields = form(call);
  const action = actionOf(fields);
  const id = actionConfigs.get(action)?.id ?? call.world.newId();
  const config = { id, action, parameters: textMap(fields, "parameters") ?? {} };
  actionConfigs.set(action, config);
  return { status: 202, json: config };
}

function get(call: Call) {
  const found = services(call.world).actionConfigs.get(parameter(call, "action"));
  return lookUp(call.world, found, "action config", (json) => ({ status: 200, json }));
}

/** The defaults come back. */
function remove(call: Call) {
  if (services(call.world).actionConfigs.delete(parameter(call, "action"))) return { status: 204 };
  return absent(call.world, missing("action config"));
}
