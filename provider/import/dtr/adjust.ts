import type { Raw } from "../../resources/declaration";

/** Inputs that say nothing when they are empty, 0 or false: left out, they are not managed, and the program is shorter. */
const silent: Readonly<Record<string, readonly string[]>> = {
  Organization: ["fullName"],
  User: ["fullName"],
  Team: ["description"],
  OrganizationMember: ["isPublic"],
  Repository: ["shortDescription", "longDescription", "tagLimit"],
  Webhook: ["tlsCert"],
  Cron: ["capacityMap", "parameters"],
};

/** Kinds that put back what was there before them. What an import finds was there before it, so their end changes nothing. */
const putBack: Readonly<Record<string, (inputs: Raw) => unknown>> = {
  UserSettings: ({ contentCacheId }) => ({ contentCacheId }),
  WorkerCapacity: ({ capacityMap }) => capacityMap,
  Settings: ({ adopt: _adopt, timeouts: _timeouts, ...settings }) => settings,
};

/** Makes the state one that the shortest program keeps as it is. Changes both. */
export function adjust(kind: string, inputs: Raw, outputs: Raw): void {
  for (const name of silent[kind] ?? []) {
    if (!isEmpty(inputs[name])) continue;
    delete inputs[name];
    delete outputs[name];
  }
  const previous = putBack[kind];
  if (previous) outputs.previous = previous(inputs);
}

const isEmpty = (value: unknown): boolean =>
  value === "" || value === 0 || value === false || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** What a reader must know of one resource. */
export function remark(kind: string): string | undefined {
  if (kind !== "PollMirroringPolicy" && kind !== "PushMirroringPolicy") return undefined;
  return "The server shows neither `password` nor `authToken`, so it keeps what it has. To manage one, add it with config.requireSecret; it is then sent.";
}
