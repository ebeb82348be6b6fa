import type { Digest } from "../digest";

/**
 * What must not be deleted because something that was to go before it is still there: the children of an index whose deletion failed, the
 * subject of such a referrer. Outlives a batch: children may come in a later one than their index.
 */
export class Standing {
  /** What it holds, to who holds it. */
  private readonly holders = new Map<string, Set<string>>();

  stays(repository: string, holder: string, leads: readonly Digest[]): void {
    for (const digest of leads) {
      const key = `${repository} ${digest}`;
      const known = this.holders.get(key) ?? new Set<string>();
      this.holders.set(key, known.add(holder));
    }
  }

  gone(repository: string, holder: string, leads: readonly Digest[]): void {
    for (const digest of leads) {
      const key = `${repository} ${digest}`;
      const known = this.holders.get(key);
      known?.delete(holder);
      if (known?.size === 0) this.holders.delete(key);
    }
  }

  /** A manifest that still leads to this one. */
  holderOf(repository: string, digest: string): string | undefined {
    return this.holders.get(`${repository} ${digest}`)?.values().next().value;
  }
}
