import { isObject } from "../references";
import { type Call, form } from "./call";
import { Refusal } from "./errors";
import { dateText, listed, type Route } from "./route";
import { services } from "./services";
import { changedSettings } from "./settings";

const path = "/api/v0/meta";

export const metaRoutes: readonly Route[] = [
  {
    method: "GET",
    path: `${path}/alerts`,
    who: "admin",
    list: true,
    run: ({ world }) => ({ status: 200, json: listed(world, services(world).alerts) }),
  },
  { method: "GET", path: `${path}/cluster_status`, who: "admin", run: clusterStatus },
  { method: "GET", path: `${path}/features`, who: "user", run: features },
  { method: "GET", path: `${path}/settings`, who: "admin", run: ({ world }) => ({ status: 200, json: world.settings }) },
  { method: "POST", path: `${path}/settings`, who: "admin", run: updateSettings },
];

function clusterStatus({ world }: Call) {
  const replicas = Object.keys(isObject(world.settings.replicaSettings) ? world.settings.replicaSettings : {});
  const each = <T>(value: T) => Object.fromEntries(replicas.map((id) => [id, value]));
  return {
    status: 200,
    json: {
      rethink_system_tables: { cluster_config: [], current_issues: [], db_config: [], server_status: [], stats: [], table_config: [] },
      replica_health: each("OK"),
      replica_timestamp: each(dateText(world, world.clock.now())),
      replica_readonly: each(world.settings.readOnlyRegistry),
      gc_lock_holder: "",
    },
  };
}

/** Everything is licensed in the sandbox. */
function features({ world }: Call) {
  const licensed = { scanningLicensed: true, promotionLicensed: true, mirroringLicensed: true };
  const others = { metadataStoreOptedIn: true, onlineGCEnabled: true, db_version: services(world).databaseVersion };
  const ucpHost = world.origin.replace(/^https?:\/\//, "");
  return { status: 200, json: { scanningEnabled: world.settings.scanningEnabled, ...licensed, ...others, ucpHost } };
}

/** Changes only what is given; nothing at all when one value is bad. */
function updateSettings(call: Call) {
  const { world } = call;
  const fields = form(call);
  try {
    Object.assign(world.settings, changedSettings(fields, world.switches.version));
  } catch (error) {
    throw new Refusal(400, "INVALID_SETTINGS", error instanceof Error ? error.message : String(error));
  }
  if (typeof fields.webTLSKey === "string") services(world).webTLSKey = fields.webTLSKey;
  return world.switches.settingsAnswer === "settings" ? { status: 202, json: world.settings } : { status: 202 };
}
