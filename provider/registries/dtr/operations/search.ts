import { z } from "zod";
import { operation } from "../../operation";
import { Autocomplete, DockerSearch } from "../schemas/search";
import { name } from "./given";

/** Search by name: what this user may see. */
export const index = {
  /** Accounts and repositories whose name begins with `query`, at most `limit` of each (server's default 25); within `namespace`, if given. */
  autocomplete: operation("GET /api/v0/index/autocomplete", {
    query: {
      query: name,
      /** Server's default: true. */
      includeRepositories: z.boolean().optional(),
      /** Server's default: true. */
      includeAccounts: z.boolean().optional(),
      namespace: name.optional(),
      limit: z.number().int().positive().optional(),
    },
    answer: Autocomplete,
    errors: [401],
  }),
  /** What `docker search` asks. */
  dockerSearch: operation("GET /api/v0/index/dockersearch", { query: { q: name }, answer: DockerSearch, errors: [401] }),
};
