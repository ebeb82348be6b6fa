import { deliver } from "./deliveries";
import type { Component } from "./findings";
import { runNow } from "./job-runs";
import { imagesOf } from "./scanned-images";
import { findingsOf, startScan } from "./scans";
import { type Alert, type Capacity, services } from "./services";
import { freshSettings } from "./settings";
import type { World } from "./world";

/** What jobs, scans and the administration begin with. */
export interface ServiceOptions {
  /** The scanner's database: what is in a layer, by its digest (`image().blobs[1]?.digest`). Default: nothing in any. */
  readonly vulnerabilities?: Readonly<Record<string, readonly Component[]>>;
  /** Workers by id, with their capacities. Default: `000000000000` with one scan and one check. */
  readonly workers?: Readonly<Record<string, Capacity>>;
  /** Default: none. */
  readonly alerts?: readonly Alert[];
  /** Settings that differ from those of a fresh installation. Default: none. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const REPLICA = "000000000000";

/** Puts the services into their first state, and lets them hear of what happens to repositories. */
export function openServices(world: World, options: ServiceOptions = {}): void {
  const state = services(world);
  for (const [digest, components] of Object.entries(options.vulnerabilities ?? {})) state.vulnerabilities.set(digest, components);
  if (options.workers) state.workers.clear();
  for (const [id, capacityMap] of Object.entries(options.workers ?? {})) state.workers.set(id, { id, status: "running", capacityMap });
  state.alerts.push(...(options.alerts ?? []));
  Object.assign(world.settings, freshSettings({ version: world.switches.version, replica: REPLICA }), options.settings);
  world.findings = (repository, tag) => findingsOf(world, repository, tag);
  world.runJob = (action, parameters, work) => void runNow(world, action, parameters, work);
  world.hooks.on((happening) => deliver(world, happening));
  world.hooks.on(({ type, key, contents }) => {
    if (type === "TAG_PUSH" && typeof contents.tag === "string") scanPushed(world, key, contents.tag);
    if (contents.event === "REPO_DELETED") forgetScans(world, `${contents.namespace}/${contents.repository}`);
  });
}

function scanPushed(world: World, path: string, tag: string): void {
  if (!world.settings.scanningEnabled || !world.repositories.get(path)?.scanOnPush) return;
  for (const image of imagesOf(world, path, tag) ?? []) startScan(world, image);
}

/** A repository that takes the place of this one begins without scans. */
function forgetScans(world: World, path: string): void {
  for (const known of [services(world).scans, services(world).results]) {
    for (const key of known.keys()) if (key.startsWith(`${path}@`)) known.delete(key);
  }
}
