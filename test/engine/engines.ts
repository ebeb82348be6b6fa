/** Which engines there are on this machine. */
import { findTool } from "../setup/tools";
import { embeddedEngine } from "./embedded";
import type { Engine } from "./engine";
import { realEngine } from "./real";

/**
 * The embedded engine always; the real one where `pulumi` is found (REGISTRY_AS_CODE_PULUMI, PATH, the set-up's cache; 3.190 or newer).
 * With `CI=true` a missing real engine is an error: nothing may be skipped there.
 */
export async function engines(env: NodeJS.ProcessEnv = process.env): Promise<Engine[]> {
  const pulumi = findTool("pulumi", env);
  if (pulumi !== undefined) return [embeddedEngine, realEngine(pulumi)];
  if (env.CI === "true") throw new Error('The real Pulumi engine is missing and CI=true allows no skipping: run "npm run setup" first.');
  return [embeddedEngine];
}

/** The real engine where there is one: what the demo shows. */
export async function preferredEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const pulumi = findTool("pulumi", env);
  return pulumi === undefined ? embeddedEngine : realEngine(pulumi);
}
