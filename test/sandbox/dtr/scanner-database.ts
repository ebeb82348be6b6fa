import { dateText } from "./route";
import { services } from "./services";
import type { World } from "./world";

/** A newer database of vulnerabilities, for which webhooks wait. Images should be scanned again after it. Gives a line for a log. */
export function updateDatabase(world: World, success = true): string {
  const state = services(world);
  if (success) {
    state.databaseVersion += 1;
    state.databaseUpdatedAt = world.clock.now();
  }
  const db_updated_at = dateText(world, state.databaseUpdatedAt);
  const replica_id = "000000000000";
  world.hooks.emit({
    type: "SCANNER_UPDATE_COMPLETED",
    key: "",
    contents: {
      ...{ scanner_version: SCANNER_VERSION, scanner_updated_at: db_updated_at, db_version: state.databaseVersion, db_updated_at, success },
      replicas: { [replica_id]: { db_updated_at, version: String(state.databaseVersion), replica_id } },
    },
    location: "/",
    createdAt: world.clock.now(),
  });
  return `the database of vulnerabilities is at version ${state.databaseVersion}`;
}

export const SCANNER_VERSION = 3;
