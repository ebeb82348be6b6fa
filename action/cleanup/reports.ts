import type { RepositoryReport } from "../../provider/cleanup/run/report";

/** Gives the report of a repository. Both come sorted by name, so that one report at a time is held. */
export class Reports {
  readonly #source: AsyncIterator<RepositoryReport>;
  #next: RepositoryReport | undefined;
  #ended = false;

  constructor(source: AsyncIterable<RepositoryReport>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** To be asked in the order of names; undefined if nothing was done there. */
  async of(repository: string): Promise<RepositoryReport | undefined> {
    while (!this.#ended && (this.#next === undefined || this.#next.repository < repository)) {
      const { done, value } = await this.#source.next();
      this.#ended = done === true;
      this.#next = this.#ended ? undefined : value;
    }
    return this.#next?.repository === repository ? this.#next : undefined;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
