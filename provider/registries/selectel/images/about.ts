import { RepositoryUnknown } from "../../image-registry";
import { unlessAbsent } from "../lifecycle";
import type { Repository } from "../schemas";
import { timestampDate } from "../timestamps";
import type { Shared } from "./finder";
import type { Lists } from "./lists";
import type { Place } from "./registries";

/** What the service says about the repository itself, asked at most once a look. */
export class About {
  private asked?: Promise<Repository | undefined>;

  constructor(
    private readonly shared: Shared,
    private readonly place: Place,
  ) {}

  /** Throws RepositoryUnknown if nothing says that there is such a repository. */
  async type({ images, tags }: Lists): Promise<string | undefined> {
    const known = this.shared.registries.type(this.place.repository);
    if (known) return known.type;
    const repository = await this.ask();
    if (!repository && images.length === 0 && tags.size === 0) throw new RepositoryUnknown(this.place.repository);
    return repository?.type;
  }

  /** Milliseconds since 1970. Undefined if nobody says. */
  async changed(): Promise<number | undefined> {
    const repository = await this.ask();
    return repository?.updatedAt === undefined ? undefined : timestampDate(repository.updatedAt)?.getTime();
  }

  private ask(): Promise<Repository | undefined> {
    this.asked ??= this.request();
    return this.asked;
  }

  private async request(): Promise<Repository | undefined> {
    const { client, registries } = this.shared;
    const repository = await unlessAbsent(client.v1.repositories.get(this.place.at));
    // Under its own name: an answer may have none, or another spelling.
    if (repository) registries.remember(this.place.registry.name, { ...repository, name: this.place.at.name });
    return repository;
  }
}
