import type { Detail, ImageRegistry, Inventory } from "./image-registry";
import { dated, type Pushes } from "./push-times";

interface Full {
  /** As `/v2` alone says it. */
  readonly base: Inventory;
  readonly pushes: Pushes;
}

/** Inventories of `/v2` in which what another list of the same registry tells of pushes takes the place of what the images say of their builds. */
export class DatedInventories {
  /** Of inventories that are still in use. */
  private readonly behind = new WeakMap<Inventory, Full>();

  constructor(private readonly v2: Pick<ImageRegistry, "detail">) {}

  /** The inventory as it is handed out. */
  of(base: Inventory, pushes: Pushes): Inventory {
    const inventory = dated(base, pushes);
    this.behind.set(inventory, { base, pushes });
    return inventory;
  }

  /**
   * What `ImageRegistry.detail` gives, asked for over `/v2` as far as pushes do not tell it. `reread` is for an inventory that is not one of these; it must
   * give one.
   */
  async detail(
    inventory: Inventory,
    wanted: Detail,
    signal: AbortSignal | undefined,
    reread: () => Promise<Inventory>,
  ): Promise<Inventory> {
    const full = this.behind.get(inventory) ?? this.behind.get(await reread());
    if (!full) throw new Error(`The inventory of ${inventory.repository} was not made by this registry.`);
    const created = new Set([...wanted.created].filter((digest) => !full.pushes.has(digest)));
    return this.of(await this.v2.detail(full.base, { ...wanted, created }, signal), full.pushes);
  }
}
