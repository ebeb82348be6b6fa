/** Something that webhooks are sent for. */
export interface Happening {
  /** `TAG_PUSH`, `PROMOTION`, … as webhooks name it. */
  readonly type: string;
  /** `namespace/name`, a namespace alone (`REPO_EVENT`), or empty for the whole system. */
  readonly key: string;
  readonly contents: Readonly<Record<string, unknown>>;
  /** `/repositories/foo/bar/tags/latest`. */
  readonly location: string;
  readonly createdAt: Date;
}

export type Listener = (happening: Happening) => void | Promise<void>;

/** Tells listeners what happened, without waiting for them. */
export class Hooks {
  private readonly listeners: Listener[] = [];
  private readonly running = new Set<Promise<unknown>>();

  on(listener: Listener): void {
    this.listeners.push(listener);
  }

  emit(happening: Happening): void {
    for (const listener of this.listeners) this.follow(Promise.resolve().then(() => listener(happening)));
  }

  /** Work that goes on after its answer; `settled` waits for it. What it fails with is its own affair. */
  follow(work: Promise<unknown>): void {
    const guarded = work.catch(() => undefined).finally(() => this.running.delete(guarded));
    this.running.add(guarded);
  }

  /** Resolves when everything that was started, and what that started, is over. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
