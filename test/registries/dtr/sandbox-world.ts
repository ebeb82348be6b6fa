import { connectDtr, type DtrClient, type DtrOptions } from "../../../provider/registries/dtr";
import type { Control } from "../../sandbox";
import { type SandboxDtrOptions, standingClock, startSandbox } from "../../sandbox";
import type { Dtr } from "../../sandbox/dtr";
import { appLayer, baseLayer, scannedImage, vulnerabilities } from "../../sandbox/dtr/scan-rig";
import { type Fixture, image, index, push } from "../../sandbox/images";
import type { LoggedRequest } from "../../sandbox/request-log";
import { jumpingClock } from "../selectel/connected";

export { appLayer, baseLayer, scannedImage };

/** The sandbox's clock stands still: this is what it says, as DTR writes it. */
export const now = "2026-01-01T00:00:00.000123456Z";

/** `team/app:v1` is `scannedImage`, `v2` this one, `multi` an index of the first and `arm`. */
export const second: Fixture = image({ layers: ["second"] });
export const arm: Fixture = image({ layers: ["base", "arm"], platform: { os: "linux", architecture: "arm64" } });
export const multi: Fixture = index([scannedImage, arm]);

export const app = { namespace: "team", repository: "app" };
export const target = { namespace: "team", repository: "target" };
export const adminPassword = "admin-password";

/**
 * Whose password is `<name>-password`: `owner` owns the organization `team`, `member` is just in it; `dev` may write to `team/app`, `reader` read it, `keeper`
 * administer it, each by a team; `ops` administers all of `team` by his team, `writer` and `viewer` may write and read all of it; `stranger` is in nothing.
 */
export const people = ["owner", "member", "dev", "reader", "keeper", "ops", "writer", "viewer", "stranger"] as const;
export type Person = (typeof people)[number];

const seed: SandboxDtrOptions = {
  password: adminPassword,
  accounts: Object.fromEntries(people.map((name) => [name, { password: `${name}-password`, fullName: `The ${name}` }])),
  organizations: {
    team: {
      fullName: "The team",
      members: { owner: "admin", member: "member" },
      teams: {
        developers: { members: ["dev"], description: "They push." },
        readers: { members: ["reader"] },
        keepers: { members: ["keeper"] },
        operators: { members: ["ops"], access: "admin" },
        writers: { members: ["writer"], access: "read-write" },
        viewers: { members: ["viewer"], access: "read-only" },
      },
    },
  },
  repositories: {
    "team/app": {
      visibility: "private",
      shortDescription: "App",
      longDescription: "The app.",
      grants: { developers: "read-write", readers: "read-only", keepers: "admin" },
    },
    "team/open": { visibility: "public" },
    "team/target": { visibility: "private" },
    "stranger/own": { visibility: "private" },
  },
  alerts: [{ message: "There is no backup.", id: "backup" }],
  vulnerabilities,
  scanPolls: 0,
};

/** A sandbox with something of everything in it, and a client of its administrator. */
export interface World {
  readonly client: DtrClient;
  /** A client of somebody else; with nothing of an anonymous one. Closed with the world. */
  as(options: Partial<DtrOptions>): DtrClient;
  readonly dtr: Dtr;
  readonly state: Dtr["state"];
  readonly url: string;
  /** An address that takes every POST. */
  readonly receiver: string;
  /** What the sandbox was asked since the last call of `forget`. */
  seen(): readonly LoggedRequest[];
  forget(): void;
  readonly control: Control;
  /** Id of an account of `team`'s team, or of the organization. */
  accountId(name: string): string;
  teamId(name: string): string;
}

export async function withWorld(
  options: SandboxDtrOptions,
  run: (world: World) => Promise<void>,
  clientOptions: Partial<DtrOptions> = {},
): Promise<void> {
  const sandbox = await startSandbox({ apis: ["dtr"], clock: standingClock(), dtr: { ...seed, ...options } });
  const { dtr, info } = sandbox;
  if (!dtr || !info.dtr) throw new Error("the sandbox has no DTR");
  const { state, store } = dtr;
  push(store, "team/app", "v1", scannedImage);
  push(store, "team/app", "v2", second);
  push(store, "team/app", "multi", multi);
  const { url } = info.dtr;
  const clients: DtrClient[] = [];
  const as = (given: Partial<DtrOptions>) => {
    const client = connectDtr({ url, env: {}, clock: jumpingClock(), random: () => 0.5, ...clientOptions, ...given });
    clients.push(client);
    return client;
  };
  const idOf = (name: string) => {
    const found = [...state.world.accounts.values()].find((account) => account.name === name);
    if (!found) throw new Error(`there is no account ${name}`);
    return found;
  };
  const world: World = {
    client: as({ username: "admin", password: adminPassword }),
    as,
    dtr,
    state,
    url,
    receiver: `${sandbox.stranger}/hook`,
    seen: () => sandbox.control.requests({ api: "dtr" }),
    control: sandbox.control,
    forget: () => sandbox.control.clearRequests(),
    accountId: (name) => idOf(name).id,
    teamId: (name) => {
      const team = idOf("team");
      const found = team.kind === "organization" ? [...team.teams.values()].find((one) => one.name === name) : undefined;
      if (!found) throw new Error(`there is no team ${name}`);
      return found.id;
    },
  };
  try {
    await run(world);
    await state.settled();
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await sandbox.close();
  }
}
