import type { Inventory } from "../../registries/image-registry";

/**
 * What manifests consist of, as far as any look has shown it. A look at a registry that hides untagged manifests shows the parts of an index
 * only as long as the index is there; but what a digest consists of never changes.
 */
export class Composition {
  private readonly children = new Map<string, readonly string[]>();

  add({ manifests }: Inventory): void {
    for (const { digest, children } of manifests.values()) if (children.length > 0) this.children.set(digest, children);
  }

  /** Everything that an index consists of, at any depth. */
  partsOf(digest: string): Set<string> {
    const parts = new Set<string>();
    const open = [digest];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const child of this.children.get(next) ?? []) {
        if (parts.has(child)) continue;
        parts.add(child);
        open.push(child);
      }
    }
    return parts;
  }
}
