import { type RegistryUi, type SandboxOptions, standingClock, startSandbox } from "../../sandbox";
import { type ApiWorld, apiWorld } from "../api-world";

export const START = "2026-03-01T12:00:00Z";

export interface World extends ApiWorld<{ readonly username: string; readonly token: string }> {
  readonly registryui: RegistryUi;
}

/** A RegistryUI with an administrator, and whatever a test does with it. `requests` are those to the Extended API and to the registry. */
export async function startWorld(options: SandboxOptions["registryui"] = {}): Promise<World> {
  const sandbox = await startSandbox({ apis: ["registryui"], clock: standingClock(new Date(START)), registryui: options });
  const { registryui, info } = sandbox;
  if (!registryui || !info.registryui) throw new Error("the sandbox has no RegistryUI");
  const { url, username, token } = info.registryui;
  return { ...apiWorld(sandbox, { api: "registryui", url, administrator: { username, token } }), registryui };
}
