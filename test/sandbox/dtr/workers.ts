import { type Call, form, integerMap, parameter } from "./call";
import { refusal } from "./errors";
import { lookUp } from "./jobrunner";
import { dateText, listed, type Route } from "./route";
import { services } from "./services";

const path = "/api/v0/workers";

/** Milliseconds for which a worker's last heartbeat is good. */
const HEARTBEAT = 60_000;

export const workerRoutes: readonly Route[] = [
  { method: "GET", path, who: "admin", list: true, run: list },
  { method: "POST", path: `${path}/{id}/capacity`, who: "admin", run: setCapacity },
];

function list({ world }: Call) {
  const heartbeatExpiration = dateText(world, new Date(world.clock.now().getTime() + HEARTBEAT));
  const workers = [...services(world).workers.values()].map((worker) => ({ ...worker, heartbeatExpiration }));
  return { status: 200, json: { workers: listed(world, workers) } };
}

/** The whole map takes the place of the old one. */
function setCapacity(call: Call) {
  const capacityMap = integerMap(form(call), "capacityMap");
  if (!capacityMap || Object.values(capacityMap).some((count) => count < 0)) {
    throw refusal("INVALID_PARAMETERS", "capacityMap is an object of numbers from 0 on.");
  }
  return lookUp(call.world, services(call.world).workers.get(parameter(call, "id")), "worker", (worker) => {
    worker.capacityMap = capacityMap;
    return { status: 202 };
  });
}
