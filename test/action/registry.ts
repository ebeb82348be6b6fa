/** A registry with known images, for processes. */
import { type Sandbox, type SandboxOptions, standingClock, startSandbox } from "../sandbox";
import type { OciStore } from "../sandbox/contract";
import { artifact, image, index, push } from "../sandbox/images";

export const password = 'corre/ct horse"é';
export const username = "robot";

/** Bytes as they are: what a compressor makes of text differs between machines, and the digests stand in snapshots. */
const layers = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text.repeat(100)));

/** Old enough for every rule, however late it is when the tests run. */
export const old = (day: number): string => `2020-01-${String(day).padStart(2, "0")}T00:00:00Z`;

export const app = (day: number, name = `app ${day}`) => image({ created: old(day), layers: layers("base", name) });

/**
 * `team/app`: three releases (one for two platforms, signed), four builds of pull requests, one of which is a release as well.
 * `team/web`: one release. `other/tool`: not of the team.
 */
export function seed(store: OciStore): void {
  const multi = index([
    app(20, "amd64"),
    image({ created: old(20), layers: layers("base", "arm64"), platform: { os: "linux", architecture: "arm64" } }),
  ]);
  push(store, "team/app", "v1", app(1));
  push(store, "team/app", "v2", multi);
  push(store, "team/app", undefined, artifact({ artifactType: "application/vnd.example.signature", subject: multi }));
  push(store, "team/app", ["v3", "pr-13"], app(13));
  for (const number of [10, 11, 12]) push(store, "team/app", `pr-${number}`, app(number));
  push(store, "team/web", "v1", image({ created: old(2), layers: layers("base", "web") }));
  push(store, "other/tool", "pr-1", image({ created: old(3), layers: layers("tool") }));
}

export const startRegistry = (options: SandboxOptions = {}): Promise<Sandbox> =>
  startSandbox({
    clock: standingClock(new Date("2026-11-15T12:00:00Z")),
    apis: ["oci"],
    seed,
    ...options,
    oci: { username, password, ...options.oci },
  });

/** What the registry is called, and how to get in. */
export const access = ({ info }: Sandbox): Record<string, string> => ({ registry: hostOf(info.oci?.url), username, password });

export const hostOf = (url = ""): string => new URL(url).host;
