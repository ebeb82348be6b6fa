import type { Deletion, ImageRegistry, Inventory } from "../../../../provider/registries/image-registry";
import { type ManifestCache, type OciOptions, ociImageRegistry } from "../../../../provider/registries/oci";
import { type MemoryStore, type Sandbox, type SandboxOciOptions, startSandbox } from "../../../sandbox";
import { clientOf, later } from "../scripted";

export interface World {
  readonly sandbox: Sandbox;
  readonly store: MemoryStore;
  readonly registry: ImageRegistry;
  /** Another view of the same registry, as another run has it. */
  open(options?: {
    readonly cache?: ManifestCache;
    readonly concurrency?: number;
    readonly now?: () => number;
    readonly client?: Partial<OciOptions>;
  }): ImageRegistry;
  /** The requests since the last call, one line each: `GET team/app manifests v1`. */
  lines(): string[];
}

/** The sandbox with a registry before it; both end with the test. Failed requests are tried once more at the most, so that tests are quick. */
export async function world(oci: SandboxOciOptions = {}): Promise<World> {
  const sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "none", ...oci } });
  later(() => sandbox.close());
  const { oci: info } = sandbox.info;
  if (!info) throw new Error("the sandbox has no OCI registry");
  const { url, username, password } = info;
  const credentials = oci.auth === undefined || oci.auth === "none" ? undefined : { username, password };
  const open: World["open"] = ({ client, ...options } = {}) =>
    ociImageRegistry(clientOf(url, { ...(credentials && { credentials }), retry: { attempts: 2, baseDelay: 1 }, ...client }), options);
  let from = 0;
  const lines = () => {
    const requests = sandbox.control.requests({ api: "oci" }).filter(({ n }) => n > from);
    from = requests.at(-1)?.n ?? from;
    return requests.map(
      ({ method, path }) => `${method} ${path.replace("/v2/", "").replace(/\/(tags|manifests|blobs|referrers)\//, " $1 ")}`,
    );
  };
  return { sandbox, store: sandbox.store, registry: open(), open, lines };
}

/** A deletion of a manifest with all tags that the inventory has on it. */
export function whole({ tags }: Inventory, digest: string): Deletion {
  return { kind: "manifest", digest, tags: [...tags].filter(([, target]) => target === digest).map(([tag]) => tag) };
}

/** An inventory as plain data in a fixed order. */
export function plain(inventory: Inventory) {
  const { repository, manifests, tags, dangling, missing } = inventory;
  const sorted = <T>(entries: Iterable<[string, T]>) => Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { repository, manifests: sorted(manifests), tags: sorted(tags), dangling: [...dangling].sort(), missing: [...missing].sort() };
}

/** Removes a manifest as a server loses it: its tags stay and point to nothing. */
export function forget(store: MemoryStore, repository: string, { digest }: { readonly digest: string }): void {
  // The store gives out its own map, as one to read only.
  const manifests = store.repository(repository)?.manifests as Map<string, unknown> | undefined;
  manifests?.delete(digest);
}
