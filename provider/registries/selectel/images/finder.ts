import { isAborted, isUnauthorized, RegistryError } from "../../../http";
import { mapConcurrently } from "../../oci/concurrency";
import type { Digest } from "../../oci/digest";
import type { ManifestCache } from "../../oci/images/cache";
import type { Gate } from "../../oci/images/gate";
import type { Reader } from "../../oci/images/graph";
import type { KnownManifest } from "../../oci/images/known";
import { Look } from "../../oci/images/look";
import { parseRepository, parseTag } from "../../oci/path-names";
import type { SelectelClient } from "../client";
import type { HostAccess } from "./host";
import { describedManifest, type Listed } from "./listed";
import type { Memory } from "./memory";
import type { Settings } from "./options";
import type { Place, Registries } from "./registries";

/** What all work on a project's registries shares. */
export interface Shared {
  readonly client: SelectelClient;
  readonly settings: Settings;
  readonly registries: Registries;
  readonly host: HostAccess;
  readonly memory: Memory;
  readonly cache: ManifestCache;
  readonly gate: Gate;
  /** By repository, what was deleted from it in this run. */
  readonly deleted: Map<string, Set<Digest>>;
  /** Whether "List layers" has told enough about every index so far. Once it has not, the host is asked at once. */
  describes: boolean;
  /** Whether the host, asked to remove a tag, once removed its manifest, too. */
  takesManifests: boolean;
}

/** Tags of these names cannot be asked for through the API: they are its lists. */
const lists: ReadonlySet<string> = new Set(["tags", "images"]);

/** Finds manifests of a repository that its list of images does not show. */
export class Finder implements Reader {
  readonly source: { readonly lanes: number };
  /** What was read at the registry host, byte for byte: nothing about it is left open. */
  readonly whole = new Set<Digest>();
  private look?: Look;

  constructor(
    private readonly shared: Shared,
    private readonly place: Place,
    private readonly listed: ReadonlyMap<Digest, Listed>,
    private readonly type: string | undefined,
  ) {
    this.source = { lanes: shared.settings.concurrency };
  }

  /** What tags point to, in their order. Undefined only where the registry proves that a tag points to nothing. */
  async byTags(tags: readonly string[]): Promise<(KnownManifest | undefined)[]> {
    // The first alone: whether the API describes indexes is found out with one request rather than with many at a time.
    const [first, ...rest] = tags;
    if (first === undefined) return [];
    return [await this.byTag(first), ...(await mapConcurrently(rest, this.source.lanes, (tag) => this.byTag(tag)))];
  }

  async byTag(tag: string): Promise<KnownManifest | undefined> {
    return (await this.described(tag)) ?? (await this.fromHost(async (look) => look.byTag(parseTag(tag))));
  }

  /** Undefined only if the registry proves that there is no such manifest. */
  byDigest = async (digest: Digest): Promise<KnownManifest | undefined> => {
    return (await this.described(digest)) ?? (await this.fromHost((look) => look.byDigest(digest)));
  };

  /** The manifest itself. `exists`: it was seen a moment ago, so that what an earlier look has read of it will do. */
  read(digest: Digest, exists: boolean): Promise<KnownManifest | undefined> {
    return this.fromHost((look) => look.byDigest(digest, exists));
  }

  believesWhole = (): boolean => false;

  private async fromHost(read: (look: Look) => Promise<KnownManifest | undefined>): Promise<KnownManifest | undefined> {
    const found = await read(await this.hostLook());
    if (found) this.whole.add(found.digest);
    return found;
  }

  /** For the dates in configs, too. */
  async hostLook(): Promise<Look> {
    const { host, cache, gate, settings, deleted } = this.shared;
    // Asked each time, so that its token does not run out.
    const client = await host.open(this.place.registry);
    const shared = {
      client,
      cache,
      gate,
      lanes: settings.concurrency,
      now: () => settings.clock.now(),
      name: this.shared.client.registryHost,
      deleted,
    };
    this.look ??= new Look(shared, parseRepository(this.place.repository));
    return this.look;
  }

  /** What "List layers" says; undefined if it does not say everything. */
  private async described(reference: string): Promise<KnownManifest | undefined> {
    if (!this.shared.describes || lists.has(reference)) return undefined;
    const { client, gate } = this.shared;
    try {
      const answer = await gate(() => client.v1.images.layers({ ...this.place.at, reference }));
      const found = describedManifest(answer, reference, this.listed, this.type);
      if (found) return found;
    } catch (error) {
      // A 404 may mean that this operation knows no indexes: only the host proves that something does not exist.
      if (!(error instanceof RegistryError) || isAborted(error) || isUnauthorized(error)) throw error;
    }
    this.shared.describes = false;
    return undefined;
  }
}
