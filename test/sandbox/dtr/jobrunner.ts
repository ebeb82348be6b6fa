import type { SandboxResponse } from "../contract";
import { integerMap, type JsonObject, text, textMap } from "./call";
import { Refusal, refusal } from "./errors";
import type { Task } from "./services";
import type { World } from "./world";

/** The fields that crons and jobs share. Actions that nobody knows are taken: which there are differs by version. */
export function taskOf(fields: JsonObject): Task {
  return {
    action: actionOf(fields),
    parameters: textMap(fields, "parameters") ?? null,
    capacityMap: integerMap(fields, "capacityMap") ?? null,
    deadline: text(fields, "deadline") ?? "",
    stopTimeout: text(fields, "stopTimeout") ?? "",
  };
}

export function actionOf(fields: JsonObject): string {
  const action = text(fields, "action") ?? "";
  if (!/^[\w-]+$/.test(action)) throw refusal("INVALID_PARAMETERS", `action names what to do, not '${action}'.`);
  return action;
}

/** A task as answers have it; what was not given by the switch `noMap`. */
export function taskView({ switches }: World, { action, parameters, capacityMap, deadline, stopTimeout }: Task) {
  const none = switches.noMap === "null" ? null : {};
  return { action, parameters: parameters ?? none, capacityMap: capacityMap ?? none, deadline, stopTimeout };
}

/** Something that the jobrunner does not have: its error, or by the switch `jobrunnerMissing` nothing but the status. */
export function lookUp<T>(world: World, found: T | undefined, what: string, answer: (found: T) => SandboxResponse): SandboxResponse {
  if (found !== undefined) return answer(found);
  if (world.switches.jobrunnerMissing === "empty") return { status: 404 };
  throw missing(what);
}

/** `NO_SUCH_CRON` for a `cron`. */
export function missing(what: string): Refusal {
  return new Refusal(404, `NO_SUCH_${what.toUpperCase().replaceAll(" ", "_")}`, `The ${what} does not exist.`);
}
