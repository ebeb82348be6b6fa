import { RepositoryUnknown } from "../../image-registry";
import type { SelectelClient } from "../client";
import type { Registry, RegistryStatus, Repository } from "../schemas";
import type { Settings } from "./options";

/** A repository: the registry that it is in, and its name below that. */
export interface Place {
  /** `<registry>/<image>`. */
  readonly repository: string;
  readonly registry: Pick<Registry, "id" | "name">;
  /** As parameters of the client's methods. */
  readonly at: { readonly id: string; readonly name: string };
}

/** In these there is nothing to clean yet, or nothing any more. */
const passing: readonly RegistryStatus[] = ["CREATING", "DELETING"];

/** The project's registries and what is known of their repositories. */
export class Registries {
  private readonly byName = new Map<string, Promise<Registry | undefined>>();
  private readonly types = new Map<string, string | undefined>();

  constructor(
    private readonly client: SelectelClient,
    private readonly settings: Settings,
  ) {}

  /** All registries that can be worked on. Those that cannot are named in the log. */
  async *all(signal?: AbortSignal): AsyncGenerator<Registry> {
    for await (const registry of this.client.v1.registries.list({}, { signal })) {
      if (passing.includes(registry.status)) {
        this.settings.log(`The registry ${registry.name} was left out: its status is ${registry.status}.`);
        continue;
      }
      this.byName.set(registry.name, Promise.resolve(registry));
      yield registry;
    }
  }

  /**
   * All repositories. A registry that is in status ERROR but still tells its repositories is named in the log; if it does not tell them, that is
   * thrown after all others: the list is not complete then.
   */
  async *repositories(signal?: AbortSignal): AsyncGenerator<string> {
    const failures: Error[] = [];
    for await (const registry of this.all(signal)) {
      const { id, name, status } = registry;
      if (status === "ERROR") this.settings.log(`Warning: the registry ${name} is in status ERROR.`);
      try {
        for await (const repository of this.client.v1.repositories.list({ id }, { signal })) yield this.remember(name, repository);
      } catch (error) {
        if (status !== "ERROR") throw error;
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(
          new Error(`The registry ${name} is in status ERROR, and its repositories cannot be listed: ${reason}`, { cause: error }),
        );
      }
    }
    if (failures[0]) throw failures[0];
  }

  /** Where a repository is. Throws RepositoryUnknown if its registry does not exist. */
  async place(repository: string): Promise<Place> {
    const slash = repository.indexOf("/");
    const [registryName, name] = [repository.slice(0, Math.max(slash, 0)), repository.slice(slash + 1)];
    if (registryName === "" || name === "") {
      throw new RepositoryUnknown(repository, { cause: new Error("On Selectel a repository's name is <registry>/<image>.") });
    }
    const registry = await this.find(registryName);
    if (!registry) {
      throw new RepositoryUnknown(repository, { cause: new Error(`There is no registry ${registryName} in this project.`) });
    }
    return { repository, registry, at: { id: registry.id, name } };
  }

  /** A registry by its exact name; undefined if the project has none of that name. */
  async registry(name: string): Promise<Registry | undefined> {
    return this.find(name);
  }

  /** The repository's `type`, if the lists that were read so far said something about the repository. */
  type(repository: string): { readonly type: string | undefined } | undefined {
    return this.types.has(repository) ? { type: this.types.get(repository) } : undefined;
  }

  /** Notes what the service said about a repository. Gives its whole name. */
  remember(registry: string, { name, type }: Repository): string {
    const repository = `${registry}/${name}`;
    this.types.set(repository, type);
    return repository;
  }

  private find(name: string): Promise<Registry | undefined> {
    const known = this.byName.get(name);
    if (known) return known;
    const found = this.search(name);
    this.byName.set(name, found);
    const forget = () => this.byName.delete(name);
    found.then((registry) => registry ?? forget(), forget);
    return found;
  }

  private async search(name: string): Promise<Registry | undefined> {
    // What the service's search finds is not documented; that something is not there is believed only of the whole list.
    for (const parameters of [{ search: name }, {}]) {
      for await (const registry of this.client.v1.registries.list(parameters)) {
        if (registry.name !== name) continue;
        if (!passing.includes(registry.status)) return registry;
        throw new Error(`The registry ${name} is in status ${registry.status}: there is nothing in it to clean up.`);
      }
    }
    return undefined;
  }
}
