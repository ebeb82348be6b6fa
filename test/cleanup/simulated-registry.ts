import {
  type Capabilities,
  type DeleteOptions,
  type Deletion,
  type DeletionResult,
  type DeletionSupport,
  type Detail,
  type GarbageCollection,
  type ImageRegistry,
  type Inventory,
  type Listing,
  RepositoryUnknown,
} from "../../provider/registries/image-registry";
import { applyDeletion, copyOf, inventoryOf, type RepositoryState } from "./model";

/** Something that the registry is asked, before it answers. `number`: how many of this kind there have been, this one included. */
export type Moment =
  | { readonly at: "repositories" | "scopes"; readonly number: number }
  | { readonly at: "inventory" | "detail" | "deletion" | "delete" | "listing"; readonly repository: string; readonly number: number }
  | { readonly at: "deleting" | "deleted"; readonly repository: string; readonly deletion: Deletion; readonly number: number }
  | { readonly at: "collect"; readonly scope: string; readonly number: number };

/** What a registry makes of one deletion beside doing it: refuses it; does it and loses the answer; says it and does not do it. */
export type Mishap = "fail" | "lie";

/** Nothing, or what a hook makes of a deletion. */
type Reaction = Mishap | undefined;

export interface Behaviour {
  readonly type?: string;
  readonly name?: string;
  /** Default `listed`. */
  readonly untagged?: Capabilities["untagged"];
  /** Default 1. */
  readonly batchSize?: number;
  readonly support?: Partial<DeletionSupport>;
  /** Whether the server refuses to delete a child of an index that is there. Default false. */
  readonly refusesChildren?: boolean;
  /** Whether garbage is collected, a scope being the first segment of a repository's name. `hinders`: it is, but never by itself. Default false. */
  readonly garbage?: boolean | "hinders";
  /** Order in which things are listed. */
  readonly order?: <T>(items: readonly T[]) => readonly T[];
  /** Called at every moment: may throw what the call is to throw, change the repositories, or wait. At `deleting` it may name a mishap. */
  readonly on?: (moment: Moment, registry: SimulatedRegistry) => Reaction | Promise<Reaction>;
}

/** An ImageRegistry over models of repositories: deletes as real ones do, and counts what it is asked. Its repositories may be changed at any time. */
export class SimulatedRegistry implements ImageRegistry {
  readonly type: string;
  readonly name: string;
  readonly capabilities: Capabilities;
  readonly garbageCollection?: GarbageCollection;
  readonly states: Map<string, RepositoryState>;
  /** Asked so often, by kind. */
  readonly asked = new Map<Moment["at"], number>();
  /** What was deleted, in order. */
  readonly deletions: { readonly repository: string; readonly deletion: Deletion }[] = [];
  readonly collected: string[] = [];
  private readonly seen = new WeakMap<Inventory, { readonly state: RepositoryState; readonly detail: Detail }>();
  private readonly order: <T>(items: readonly T[]) => readonly T[];

  constructor(
    repositories: Iterable<RepositoryState>,
    private readonly behaviour: Behaviour = {},
  ) {
    this.states = new Map([...repositories].map((state) => [state.name, copyOf(state)]));
    this.type = behaviour.type ?? "simulated";
    this.name = behaviour.name ?? "registry.example.com";
    this.capabilities = { untagged: behaviour.untagged ?? "listed", batchSize: behaviour.batchSize ?? 1, creationTime: "build" };
    this.order = behaviour.order ?? ((items) => items);
    if (behaviour.garbage) this.garbageCollection = this.collection();
  }

  count(at: Moment["at"]): number {
    return this.asked.get(at) ?? 0;
  }

  /** The state, which is there. */
  state(repository: string): RepositoryState {
    const state = this.states.get(repository);
    if (!state) throw new RepositoryUnknown(repository);
    return state;
  }

  async *repositories(signal?: AbortSignal): AsyncGenerator<string> {
    await this.moment({ at: "repositories" });
    for (const name of this.order([...this.states.keys()])) {
      signal?.throwIfAborted();
      yield name;
    }
  }

  async inventory(repository: string, signal?: AbortSignal): Promise<Inventory> {
    await this.moment({ at: "inventory", repository });
    signal?.throwIfAborted();
    return this.view(copyOf(this.state(repository)), { created: new Set(), referrers: false });
  }

  async detail(inventory: Inventory, wanted: Detail, signal?: AbortSignal): Promise<Inventory> {
    await this.moment({ at: "detail", repository: inventory.repository });
    signal?.throwIfAborted();
    const seen = this.seen.get(inventory);
    if (!seen) throw new Error("detail was asked of an inventory that this registry did not give");
    const created = new Set([...seen.detail.created, ...wanted.created]);
    return this.view(seen.state, { created, referrers: seen.detail.referrers || wanted.referrers });
  }

  async deletion(repository: string): Promise<DeletionSupport> {
    await this.moment({ at: "deletion", repository });
    return { manifest: "supported", tag: "supported", ...this.behaviour.support };
  }

  async delete(repository: string, deletions: readonly Deletion[], options: DeleteOptions): Promise<readonly DeletionResult[]> {
    await this.moment({ at: "delete", repository });
    if (deletions.length > this.capabilities.batchSize || deletions.length === 0) throw new Error(`a batch of ${deletions.length}`);
    const results: DeletionResult[] = [];
    /** Parts of what should have gone before them in this batch, and did not. */
    const held = new Set<string>();
    for (const deletion of deletions) {
      const isHeld = deletion.kind === "manifest" && held.has(deletion.digest);
      if (options.signal?.aborted) results.push({ deletion, outcome: "unattempted" });
      else if (isHeld) results.push({ deletion, outcome: "failed", message: "What it is part of is still there." });
      else results.push(await this.deleteOne(repository, deletion, options));
      options.onProgress?.(results.length);
      if (deletion.kind !== "manifest") continue;
      for (const child of this.states.get(repository)?.manifests.get(deletion.digest)?.children ?? []) held.add(child);
    }
    return results;
  }

  async listing(repository: string): Promise<Listing> {
    await this.moment({ at: "listing", repository });
    const state = copyOf(this.state(repository));
    return { tags: new Set(state.tags.keys()), has: async (digest) => state.manifests.has(digest) };
  }

  async close(): Promise<void> {}

  private async deleteOne(repository: string, deletion: Deletion, { placeholder }: DeleteOptions): Promise<DeletionResult> {
    const mishap = await this.moment({ at: "deleting", repository, deletion });
    const state = this.state(repository);
    const refusal = mishap === "fail" ? "500 internal error" : this.refusal(state, deletion, placeholder);
    if (refusal !== undefined) return { deletion, outcome: "failed", message: refusal };
    if (mishap === "lie") return { deletion, outcome: "deleted" };
    // As adapters do that look at a manifest's tags right before.
    if (deletion.kind === "manifest" && deletion.tags.some((tag) => (state.tags.get(tag) ?? deletion.digest) !== deletion.digest)) {
      return { deletion, outcome: "changed", message: "A tag was moved." };
    }
    const outcome = applyDeletion(state, deletion);
    if (outcome === "deleted") this.deletions.push({ repository, deletion });
    await this.moment({ at: "deleted", repository, deletion });
    return { deletion, outcome };
  }

  private refusal(state: RepositoryState, deletion: Deletion, placeholder: boolean): string | undefined {
    const { manifest, tag } = { manifest: "supported", tag: "supported", ...this.behaviour.support };
    if (deletion.kind === "manifest") {
      if (manifest !== "supported") return "405 unsupported";
      const parent = [...state.manifests.values()].some(({ children }) => children.includes(deletion.digest));
      return this.behaviour.refusesChildren && parent && state.manifests.has(deletion.digest)
        ? "Image is referenced by another manifest"
        : undefined;
    }
    return tag === "supported" || (tag === "placeholder" && placeholder) ? undefined : "405 unsupported";
  }

  private view(state: RepositoryState, detail: Detail): Inventory {
    const { created, referrers } = detail;
    const inventory = inventoryOf(state, { untagged: this.capabilities.untagged, created, referrers, order: this.order });
    this.seen.set(inventory, { state, detail });
    return inventory;
  }

  // Each kind of moment with what belongs to it, but for the number, which is counted here.
  private async moment(
    moment: Moment extends infer M ? (M extends Moment ? Omit<M, "number"> : never) : never,
  ): Promise<Mishap | undefined> {
    const number = this.count(moment.at) + 1;
    this.asked.set(moment.at, number);
    return this.behaviour.on?.({ ...moment, number } as Moment, this);
  }

  private collection(): GarbageCollection {
    const scope = (repository: string) => repository.split("/")[0] ?? "";
    const names = () => [...new Set([...this.states.keys()].map(scope))];
    const moment = this.moment.bind(this);
    const { collected } = this;
    return {
      ...(this.behaviour.garbage === "hinders" && { automatic: false }),
      scope,
      async *scopes() {
        await moment({ at: "scopes" });
        yield* names();
      },
      async collect(name, { onProgress }) {
        await moment({ at: "collect", scope: name });
        onProgress?.("runs");
        collected.push(name);
      },
    };
  }
}
