import type { Deletion, Inventory } from "../../../provider/registries/image-registry";
import { connectRegistryUi, type RegistryUiClient, type RegistryUiImagesOptions } from "../../../provider/registries/registryui";
import { registryUiImageRegistry } from "../../../provider/registries/registryui/images";
import { type RegistryUi, type SandboxRegistryUiOptions, standingClock, startSandbox } from "../../sandbox";
import { type ImagesRig, onImages } from "../images-rig";

export const START = "2026-03-01T12:00:00.000Z";
export const minute = 60_000;

export interface Rig extends ImagesRig<RegistryUiClient> {
  readonly ui: RegistryUi;
  /** What the adapter said to the log. */
  readonly lines: readonly string[];
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
  const { url } = info.registryui;
  const lines: string[] = [];
  await onImages(
    {
      sandbox,
      time,
      user: [info.registryui.username, info.registryui.token],
      connect: (username, token, clock) => {
        const client = connectRegistryUi({ url, username, token, clock, random: () => 0.5, env: {} });
        const log = (line: string) => lines.push(line);
        return { client, images: registryUiImageRegistry(client, { clock, log, nonce: () => "4711", ...options }) };
      },
      asked: () =>
        sandbox.control.requests({ api: "registryui" }).map(({ method, path, query }) => {
          const short = path.replace("/udr/v1api/", "").replace(/^\/v2\/.*\/(\w+\/[^/]+)$/, "v2 $1");
          return `${method} ${short}${query === "" ? "" : `?${query}`}`;
        }),
    },
    (rig) => run({ ...rig, ui, lines }),
  );
}

/** A manifest with all tags that the inventory has on it. */
export function whole({ tags }: Inventory, digest: string): Deletion {
  return { kind: "manifest", digest, tags: [...tags].filter(([, target]) => target === digest).map(([tag]) => tag) };
}

/** Registries that take deletions through RegistryUI's own API only. */
export const withoutV2Deletion: SandboxRegistryUiOptions = { host: { delete: "disabled" } };
