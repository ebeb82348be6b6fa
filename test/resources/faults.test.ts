import { z } from "zod";
import { type Fault, type Sandbox, standingClock, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";
import { OneResource, plain, type State } from "./engine";

/**
 * Each operation of each resource, with each fault of the sandbox on each of its requests: either it succeeds or there is one clear error
 * without a secret; and after the operation is run again everything is as if nothing had happened: no duplicate, no orphan.
 */

const FAULTS: readonly Fault[] = [
  { kind: "reset-before" },
  { kind: "reset-after" },
  { kind: "status", status: 500 },
  { kind: "status", status: 503, retryAfter: 1 },
  { kind: "status", status: 429, retryAfter: "date" },
  { kind: "html" },
  { kind: "broken-json" },
  { kind: "truncated" },
  { kind: "redirect" },
  { kind: "expired-session" },
];

const Item = z.object({ name: z.string().optional(), status: z.string(), scope: z.unknown().optional() });

/** Faults that only a list can have, and where lists are. */
const LIST_FAULTS: readonly Fault[] = [{ kind: "short-page" }, { kind: "looped-link" }, { kind: "stale-list" }];
const LIST = /\/(?:registries|repositories|images|tags|tokens|tags\/list|_catalog)$/;

interface Scenario {
  readonly type: string;
  readonly inputs: object;
  readonly changed: object;
  /** Those that send anything. */
  readonly operations?: readonly Operation[];
  /** Objects that the scenario's own stand on. Gives inputs that were not known before. */
  readonly prepare?: (sandbox: Sandbox) => Promise<object> | object;
}

const digests = (sandbox: Sandbox) =>
  ["v1", "v2"].map((tag, n) => push(sandbox.store, "team/app", tag, image({ labels: { n: String(n) } })).digest);
const registry = async (sandbox: Sandbox) => {
  const resource = new OneResource("selectel:Registry", configOf(sandbox), sandbox.clock, "org/project/dev/registry");
  const { state } = await resource.up({ name: "main" });
  resource.close();
  return { registryId: state.id };
};

const SCENARIOS: readonly Scenario[] = [
  { type: "oci:Repository", inputs: { name: "team/app" }, changed: { name: "team/other" } },
  {
    type: "oci:Tag",
    inputs: { repository: "team/app", tag: "live" },
    changed: { repository: "team/app", tag: "live" },
    prepare: (sandbox) => ({ digest: digests(sandbox)[0] }),
  },
  { type: "selectel:Registry", inputs: { name: "main" }, changed: { name: "other" } },
  { type: "selectel:Repository", inputs: { name: "team/app" }, changed: { name: "team/other" }, prepare: registry },
  {
    type: "selectel:Token",
    inputs: { name: "ci", allRegistries: true, expiresIn: "90d" },
    changed: { name: "ci", mode: "write", allRegistries: true, expiresIn: "30d", rotationTriggers: { n: "1" } },
  },
  {
    type: "selectel:GarbageCollection",
    inputs: {},
    changed: { triggers: { n: "1" } },
    operations: ["create", "update"],
    prepare: registry,
  },
  { type: "registryui:Project", inputs: { repository: "team/app", title: "App" }, changed: { repository: "team/app" } },
  { type: "registryui:Maintenance", inputs: {}, changed: {}, operations: ["create", "refresh", "destroy"] },
  { type: "registryui:GarbageCollection", inputs: {}, changed: { triggers: { n: "1" } }, operations: ["create", "update"] },
];

function configOf({ info }: Sandbox): Record<string, string> {
  const { oci, selectel, registryui } = info;
  return {
    "oci:url": oci?.url ?? "",
    "oci:username": oci?.username ?? "",
    "oci:password": oci?.password ?? "",
    "selectel:apiUrl": selectel?.v1 ?? "",
    "selectel:authUrl": selectel?.authUrl ?? "",
    "selectel:accountId": selectel?.accountId ?? "",
    "selectel:username": selectel?.username ?? "",
    "selectel:password": selectel?.password ?? "",
    "selectel:projectId": selectel?.projectId ?? "",
    "selectel:registryUrl": selectel?.registryHost ?? "",
    "registryui:url": registryui?.url ?? "",
    "registryui:username": registryui?.username ?? "",
    "registryui:token": registryui?.token ?? "",
  };
}

/** All that is on the server, without ids, times and secrets. */
async function everything({ info, store, registryui }: Sandbox): Promise<unknown> {
  const get = async (path: string, key: string) => {
    const answer = await fetch(`${info.selectel?.v2}${path}?limit=100`, { headers: { "x-auth-token": info.selectel?.token ?? "" } });
    const body = z.record(z.string(), z.unknown()).parse(await answer.json());
    return Item.array()
      .parse(body[key] ?? [])
      .sort((a, b) => String(a.name).localeCompare(String(b.name)));
  };
  return {
    repositories: store
      .repositories()
      .filter(({ manifests }) => manifests.size > 0)
      .map(({ name, tags, manifests }) => ({ name, tags: Object.fromEntries([...tags].sort()), manifests: [...manifests.keys()].sort() })),
    registries: await get("/registries", "registries"),
    tokens: await get("/tokens", "tokens"),
    projects: [...(registryui?.state.projects ?? [])]
      .map(([path, { title, isPublic }]) => ({ path, title, isPublic }))
      .sort((a, b) => a.path.localeCompare(b.path)),
    offline: registryui?.state.offline,
  };
}

type Operation = "create" | "update" | "refresh" | "destroy";
const OPERATIONS: readonly Operation[] = ["create", "update", "refresh", "destroy"];

/** A server on which the operation can be run, and the operation. */
async function stage(scenario: Scenario, operation: Operation) {
  const sandbox = await startSandbox({
    clock: standingClock(new Date("2026-03-01T12:00:00Z")),
    selectel: { createPolls: 1, deletePolls: 1, gcPolls: 1 },
  });
  const prepared = (await scenario.prepare?.(sandbox)) ?? {};
  const resource = new OneResource(scenario.type, configOf(sandbox), sandbox.clock);
  const inputs = { ...prepared, ...scenario.inputs };
  const changed = {
    ...prepared,
    ...scenario.changed,
    ...(scenario.type === "oci:Tag" ? { digest: sandbox.store.repository("team/app")?.tags.get("v2") } : {}),
  };
  let state = operation === "create" ? undefined : (await resource.up(inputs)).state;
  let gone = false;
  const run = async () => {
    if (operation === "refresh") state = state && (await resource.refresh(state));
    else if (operation === "destroy") {
      if (state) await resource.destroy(state);
      gone = true;
    } else state = (await resource.up(operation === "create" ? inputs : changed, state)).state;
  };
  const close = async () => {
    resource.close();
    await sandbox.close();
  };
  // Whoever renews a session in the middle does it on the identity service; faults are played on the API and the registry.
  const sent = () => sandbox.control.requests().filter(({ api }) => api !== "selectel-identity");
  return { sandbox, resource, run, close, sent, state: (): State | undefined => (gone ? undefined : state) };
}

const secretsOf = (sandbox: Sandbox, state: State | undefined): string[] => {
  const { token } = (plain(state?.outputs) ?? {}) as { token?: string };
  const { oci, selectel, registryui } = sandbox.info;
  return [oci?.password, selectel?.password, selectel?.token, registryui?.token, token].flatMap((text) => (text ? [text] : []));
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

describe.each(SCENARIOS)("$type", (scenario) => {
  it.each(scenario.operations ?? OPERATIONS)(
    "%s: any fault on any request, then once more: as if nothing had happened",
    async (operation) => {
      const calm = await stage(scenario, operation);
      open.push(calm.close);
      calm.sandbox.control.clearRequests();
      await calm.run();
      const requests = calm.sent();
      const expected = await everything(calm.sandbox);
      await open.pop()?.();
      expect(requests.length).toBeGreaterThan(0);
      expect(requests.length).toBeLessThan(40);

      for (const [at, { method, path }] of requests.entries()) {
        for (const fault of method === "GET" && LIST.test(path) ? [...FAULTS, ...LIST_FAULTS] : FAULTS) {
          const { sandbox, resource, run, close, state } = await stage(scenario, operation);
          open.push(close);
          sandbox.control.inject({ path: "^/(v2|api|udr)", skip: at, times: 1, fault });
          const before = secretsOf(sandbox, state());
          let message: string | undefined;
          await run().catch((error: unknown) => {
            message = error instanceof Error ? `${error.message}${error.stack}${error}` : String(error);
          });
          const said = [message ?? "", ...(state()?.reasons ?? []), ...resource.lines].join("\n");
          for (const secret of [...before, ...secretsOf(sandbox, state())]) expect(said).not.toContain(secret);
          if (message !== undefined) expect(message).toMatch(new RegExp(`${scenario.type}|^\\{`));
          sandbox.control.clearFaults();
          if (message !== undefined || state()?.reasons) {
            resource.start(); // a new `up` is a new process
            await run();
          }
          const played = `request ${at} of ${operation}: ${JSON.stringify(fault)}, then: ${message ?? "success"}`;
          expect(`${played}\n${JSON.stringify({ server: await everything(sandbox), reasons: state()?.reasons })}`).toBe(
            `${played}\n${JSON.stringify({ server: expected })}`,
          );
          await open.pop()?.();
        }
      }
    },
    120_000,
  );
});

describe("a server that answers too slowly", () => {
  const slow = [
    { type: "oci:Repository", inputs: { name: "team/app" }, path: "^/v2/team" },
    { type: "selectel:Token", inputs: { name: "ci", allRegistries: true, expiresIn: "90d" }, path: "^/api/v2" },
  ].flatMap((scenario) => (["slow-header", "slow-body"] as const).map((kind) => ({ ...scenario, kind })));

  it.each(slow)(
    "$kind, $type: one clear error when its own time is over, and the next up comes to the same end",
    async ({ type, inputs, path, kind }) => {
      const sandbox = await startSandbox({ clock: standingClock(new Date("2026-03-01T12:00:00Z")) });
      const resource = new OneResource(type, configOf(sandbox), sandbox.clock);
      open.push(async () => {
        resource.close();
        await sandbox.close();
      });
      sandbox.control.inject({ path, times: 20, fault: { kind } });
      const failed = resource.up({ ...inputs, timeouts: { create: "300ms" } });
      await expect(failed).rejects.toThrow(/create of .*: not done within 300ms: raise timeouts\.create, or run it again to go on/);
      sandbox.control.clearFaults();
      resource.start();
      expect((await resource.up(inputs)).step).toBe("create");
      expect(await everything(sandbox)).toMatchObject(
        type === "selectel:Token" ? { tokens: [{ name: "ci", status: "active" }] } : { repositories: [{ name: "team/app" }] },
      );
    },
  );
});
