import type { Autocomplete, DockerSearch, DtrClient } from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";

/** What to look for. */
export interface AutocompleteArgs {
  /** How the name begins. */
  query: string;
  /** Look among repositories. Default `true`. */
  includeRepositories?: boolean;
  /** Look among users and organizations. Default `true`. */
  includeAccounts?: boolean;
  /** Only repositories of this user or organization. */
  namespace?: string;
  /** How many of each kind. Default: the server's, 25. */
  limit?: number;
}

const autocomplete = readFunction(
  "getAutocomplete",
  dtr,
  (client: DtrClient, args: AutocompleteArgs, signal): Promise<Autocomplete> => client.index.autocomplete(args, { signal }),
);
/** Repositories and accounts whose name begins with a text. */
export const getAutocomplete = autocomplete.plain;
export const getAutocompleteOutput = autocomplete.output;

const search = readFunction(
  "searchRepositories",
  dtr,
  (
    client: DtrClient,
    {
      query,
    }: {
      /** What to look for. */
      query: string;
    },
    signal,
  ): Promise<DockerSearch> => client.index.dockerSearch({ q: query }, { signal }),
);
/** What `docker search` finds. */
export const searchRepositories = search.plain;
export const searchRepositoriesOutput = search.output;
