import { z } from "zod";
import { Account } from "./accounts";
import { Repository } from "./repositories";
import { count, flag, list, text } from "./shape";

/** What begins like a text. */
export interface Autocomplete {
  readonly accountResults: readonly Account[];
  readonly repositoryResults: readonly Repository[];
}

/** A repository, as `docker search` shows it. */
export interface DockerRepository {
  readonly name: string;
  readonly description: string;
  readonly isOfficial: boolean;
  readonly isTrusted: boolean;
  readonly starCount: number;
}

export interface DockerSearch {
  readonly query: string;
  readonly numResults: number;
  readonly results: readonly DockerRepository[];
}

export const Autocomplete: z.ZodType<Autocomplete> = z.object({ accountResults: list(Account), repositoryResults: list(Repository) });

const DockerRepository: z.ZodType<DockerRepository> = z
  .object({ name: z.string(), description: text, is_official: flag, is_trusted: flag, star_count: count })
  .transform(({ name, description, is_official, is_trusted, star_count }) => ({
    name,
    description,
    isOfficial: is_official,
    isTrusted: is_trusted,
    starCount: star_count,
  }));

export const DockerSearch: z.ZodType<DockerSearch> = z
  .object({ query: text, num_results: count, results: list(DockerRepository) })
  .transform(({ query, num_results, results }) => ({ query, numResults: num_results, results }));
