import { levelIn } from "./access";
import { argument, type Call, flag, natural } from "./call";
import { refusal } from "./errors";
import { accountView, repositoryView } from "./repository-view";
import { listed, type Route } from "./route";
import { pathOf, type Repository } from "./world";

const path = "/api/v0/index";

export const searchRoutes: readonly Route[] = [
  { method: "GET", path: `${path}/autocomplete`, who: "user", run: autocomplete },
  { method: "GET", path: `${path}/dockersearch`, who: "user", run: dockerSearch },
];

/** Accounts by name, repositories by `namespace/name`: whatever holds the query; at most `limit` of each. */
function autocomplete(call: Call) {
  const { world } = call;
  const query = required(call, "query");
  const limit = natural(call, "limit", 25);
  const namespace = argument(call, "namespace");
  const accounts = [...world.accounts.values()].filter(({ name }) => name.includes(query)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const repositories = matching(call, query).filter((repository) => namespace === undefined || repository.namespace === namespace);
  const accountResults = flag(call, "includeAccounts", true) ? accounts.slice(0, limit).map(accountView) : [];
  const found = flag(call, "includeRepositories", true) ? repositories.slice(0, limit) : [];
  const repositoryResults = found.map((repository) => repositoryView(world, repository));
  return {
    status: 200,
    json: { accountResults: listed(world, accountResults), repositoryResults: listed(world, repositoryResults) },
  };
}

/** What `docker search` shows. */
function dockerSearch(call: Call) {
  const query = required(call, "q");
  const results = matching(call, query).map((repository) => ({
    description: repository.shortDescription,
    is_official: false,
    is_trusted: false,
    name: pathOf(repository),
    star_count: 0,
  }));
  return { status: 200, json: { num_results: results.length, query, results: listed(call.world, results) } };
}

/** Repositories that the caller may see. */
function matching({ world, principal }: Call, query: string): readonly Repository[] {
  const visible = [...world.repositories.values()].filter((repository) => levelIn(world, principal, repository) !== undefined);
  return visible.filter((repository) => pathOf(repository).includes(query)).toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

function required(call: Call, name: string): string {
  const value = argument(call, name);
  if (value === undefined) throw refusal("INVALID_PARAMETERS", `The query argument ${name} is required.`);
  return value;
}
