import type { HttpClock } from "../../../provider/http";
import type { Deletion, ImageRegistry, Inventory } from "../../../provider/registries/image-registry";
import { connectRegistryUi, type RegistryUiClient, type RegistryUiImagesOptions } from "../../../provider/registries/registryui";
import { registryUiImageRegistry } from "../../../provider/registries/registryui/images";
import { type RegistryUi, type Sandbox, type SandboxRegistryUiOptions, standingClock, startSandbox } from "../../sandbox";

export const START = "2026-03-01T12:00:00.000Z";
export const minute = 60_000;

export interface Rig {
  readonly sandbox: Sandbox;
  readonly ui: RegistryUi;
  readonly client: RegistryUiClient;
  readonly images: ImageRegistry;
  readonly time: ReturnType<typeof standingClock>;
  /** What the adapter said to the log. */
  readonly lines: readonly string[];
  /** Another user's view. */
  as(username: string, token: string): ImageRegistry;
  /** `METHOD path?query`, without what comes before the API's own part, since the last `forget`. */
  asked(): string[];
  /** Those that change something. */
  writes(): string[];
  forget(): void;
}

/** Runs a test on RegistryUI's sandbox; whoever sleeps moves its clock. */
export async function onSandbox(
  registryui: SandboxRegistryUiOptions,
  run: (rig: Rig) => Promise<void>,
  options: RegistryUiImagesOptions = {},
): Promise<void> {
  const time = standingClock(new Date(START));
  const sandbox = await startSandbox({ apis: ["registryui"], clock: time, registryui });
  const { registryui: ui, info } = sandbox;
  if (!ui || !info.registryui) throw new Error("the sandbox has no RegistryUI");
  const clock: HttpClock = {
    now: () => time.now().getTime(),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      time.advance(milliseconds);
    },
  };
  const { url } = info.registryui;
  const lines: string[] = [];
  const open: ImageRegistry[] = [];
  const connect = (username: string, token: string) => {
    const client = connectRegistryUi({ url, username, token, clock, random: () => 0.5, env: {} });
    const images = registryUiImageRegistry(client, { clock, log: (line) => lines.push(line), nonce: () => "4711", ...options });
    open.push(images);
    return { client, images };
  };
  const { client, images } = connect(info.registryui.username, info.registryui.token);
  const asked = () =>
    sandbox.control.requests({ api: "registryui" }).map(({ method, path, query }) => {
      const short = path.replace("/udr/v1api/", "").replace(/^\/v2\/.*\/(\w+\/[^/]+)$/, "v2 $1");
      return `${method} ${short}${query === "" ? "" : `?${query}`}`;
    });
  try {
    await run({
      sandbox,
      ui,
      client,
      images,
      time,
      lines,
      as: (username, token) => connect(username, token).images,
      asked,
      writes: () => asked().filter((line) => !/^(GET|HEAD) /.test(line)),
      forget: () => sandbox.control.clearRequests(),
    });
  } finally {
    for (const each of open) await each.close();
    await sandbox.close();
  }
}

/** A manifest with all tags that the inventory has on it. */
export function whole({ tags }: Inventory, digest: string): Deletion {
  return { kind: "manifest", digest, tags: [...tags].filter(([, target]) => target === digest).map(([tag]) => tag) };
}

/** Registries that take deletions through RegistryUI's own API only. */
export const withoutV2Deletion: SandboxRegistryUiOptions = { host: { delete: "disabled" } };
