import type { HttpClock } from "../../../provider/http";
import type { ImageRegistry } from "../../../provider/registries/image-registry";
import { connectOci } from "../../../provider/registries/oci";
import {
  connectSelectel,
  createRegistry,
  type SelectelClient,
  type SelectelImagesOptions,
  selectelImageRegistry,
  waitForRegistry,
} from "../../../provider/registries/selectel";
import { type LoggedRequest, type Sandbox, type SandboxOptions, standingClock, startSandbox } from "../../sandbox";
import { sleepsMove } from "../images-rig";

export const hour = 60 * 60_000;
export const day = 24 * hour;

export interface Rig {
  readonly sandbox: Sandbox;
  readonly client: SelectelClient;
  readonly images: ImageRegistry;
  readonly clock: HttpClock;
  /** What the adapter said to the log. */
  readonly lines: readonly string[];
  /** Another view of the same registry, as a later run has it. */
  another(options?: Partial<SelectelImagesOptions>): ImageRegistry;
  /** A registry that is ACTIVE. Gives its id. */
  registry(name: string): Promise<string>;
  /** Requests since the last `forget`, without those to the control endpoint: `GET /images`, as short as they can be told apart. */
  asked(): string[];
  forget(): void;
  /** Tokens that exist in the project. */
  tokens(): Promise<readonly string[]>;
}

export interface RigOptions {
  readonly selectel?: SandboxOptions["selectel"];
  readonly images?: Partial<SelectelImagesOptions>;
  /** Of the client. Default: the client's own. */
  readonly pageSize?: number;
}

/** Runs a test on Selectel's sandbox with a registry `team`, a day after everything was pushed; whoever sleeps moves the clock. */
export async function onSandbox(options: RigOptions, fill: (sandbox: Sandbox) => void, run: (rig: Rig) => Promise<void>): Promise<void> {
  const time = standingClock();
  const sandbox = await startSandbox({ apis: ["selectel"], clock: time, ...(options.selectel && { selectel: options.selectel }) });
  const info = sandbox.info.selectel;
  if (!info) throw new Error("the sandbox has no Selectel");
  const clock = sleepsMove(time);
  const http = { clock, random: () => 0.5, env: {} };
  const { accountId, username, password, projectId, authUrl } = info;
  const client = connectSelectel({
    ...http,
    auth: { accountId, username, password, projectId, authUrl },
    apiUrl: info.v1,
    registryUrl: info.registryHost,
    ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
  });
  const lines: string[] = [];
  let names = 0;
  const another: Rig["another"] = (more) =>
    selectelImageRegistry(client, {
      clock,
      log: (line) => lines.push(line),
      nonce: () => `nonce${++names}`,
      openHost: (access) => connectOci({ ...access, ...http }),
      ...options.images,
      ...more,
    });
  const images = another();
  const registry = async (name: string) => {
    const { id } = await createRegistry(client, name);
    await waitForRegistry(client, id, { until: "ACTIVE", deadline: hour, clock });
    return id;
  };
  try {
    await registry("team");
    fill(sandbox);
    time.advance(day);
    const asked = () => sandbox.control.requests().map(short);
    const forget = () => sandbox.control.clearRequests();
    const tokens = async () => (await Array.fromAsync(client.v2.tokens.list())).map(({ name = "" }) => name);
    forget();
    await run({ sandbox, client, images, clock, lines, another, registry, asked, forget, tokens });
  } finally {
    await images.close();
    await client.close();
    await sandbox.close();
  }
}

/** `GET images`, `GET layers latest`, `POST cleanup`, `host GET manifests latest`. */
function short({ api, method, path, query }: LoggedRequest): string {
  if (api === "selectel-identity") return "login";
  if (api === "selectel-registry") return `host ${method} ${path.replace(/^\/v2\/.*\/(\w+\/[^/]+)$/, "$1")}`;
  const parts = path.split("/").slice(3);
  if (parts[2] === "repositories" && parts.length === 5) {
    return `${method} ${["images", "tags", "cleanup"].includes(parts[4] ?? "") ? parts[4] : `layers ${parts[4]}`}`;
  }
  const search = /search=([^&]*)/.exec(query)?.[1];
  const named = parts.map((part, at) => (at === 1 || at === 3 ? "*" : part)).join("/");
  return `${method} ${named}${search === undefined ? "" : `?${search}`}`;
}

export type Dated = { readonly digest: string; readonly tags: readonly string[] };

/** Deletes manifests as a plan would. */
export const manifestsOf = (...items: readonly Dated[]) => items.map(({ digest, tags }) => ({ kind: "manifest" as const, digest, tags }));
