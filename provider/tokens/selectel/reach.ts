import type { Registry, Scope } from "../../registries/selectel";
import { listed, type Permission, shown, type TokenRequest } from "../request";
import { type RequestProblem, TokenRequestError } from "../request-error";

/** The registries that a request names, before anything is known about them. */
export interface Wanted {
  /** The setting that names them. */
  readonly setting: "registries" | "repositories";
  /** Names or ids; `*` alone for all. */
  readonly registries: readonly string[];
}

/** What a request for a Selectel token must say, as far as the request alone shows it. Problems go to `problems`. */
export function wantedRegistries(request: TokenRequest, host: string, problems: RequestProblem[]): Wanted {
  const { registries, repositories, allowWiderScope } = request;
  if (repositories === undefined || repositories.length === 0) {
    const wanted = listed("registries", registries, problems);
    if (wanted.length === 0)
      problems.push({
        setting: "registries",
        text: "is missing: list the names or ids of the registries that the token may reach, or write * for all of the project",
      });
    return { setting: "registries", registries: wanted };
  }
  if (registries && registries.length > 0) {
    problems.push({ setting: "repositories", text: "and registries contradict each other: leave one out" });
    return { setting: "repositories", registries: [] };
  }
  if (!allowWiderScope) {
    const names = [...new Set(repositories.map((repository) => repository.split("/", 1)[0]))].join(", ");
    problems.push({
      setting: "repositories",
      text:
        "Selectel's tokens reach whole registries, not single repositories: " +
        `write registries: ${names} for the whole registries, or set allow-wider-scope: true if that is wider than you would like`,
    });
    return { setting: "repositories", registries: [] };
  }
  const paths = listed("repositories", repositories, problems);
  for (const path of paths) {
    const [registry = "", ...rest] = path.split("/");
    if (path === "*") problems.push({ setting: "repositories", text: "for all registries of the project, write registries: * instead" });
    else if (registry.toLowerCase() === host.toLowerCase())
      problems.push({ setting: "repositories", text: `${shown(path)} begins with the host: leave ${host}/ out` });
    else if (registry === "" || rest.join("/") === "")
      problems.push({ setting: "repositories", text: `${shown(path)} is no repository: write <registry>/<repository>` });
  }
  return { setting: "repositories", registries: [...new Set(paths.map((path) => path.split("/", 1)[0] ?? ""))] };
}

/** What the registries' names mean now. Throws TokenRequestError for names that nobody has, or several. */
export function resolveRegistries(
  { setting, registries }: Wanted,
  known: readonly Registry[],
): Pick<Scope, "allRegistries" | "registryIds"> {
  if (registries[0] === "*") return { allRegistries: true };
  const problems: RequestProblem[] = [];
  const ids = registries.flatMap((wanted) => {
    const found = known.filter(({ id, name }) => wanted === name || (setting === "registries" && wanted === id));
    const [registry, ...others] = found;
    if (registry !== undefined && others.length === 0) return registry.id;
    problems.push({
      setting,
      text: registry
        ? `${shown(wanted)} is ambiguous: it means the registries ${found.map(({ id, name }) => `${name} (${id})`).join(" and ")}; give an id that is meant`
        : `there is no registry ${shown(wanted)} in this project${among(known)}`,
    });
    return [];
  });
  if (problems.length > 0) throw new TokenRequestError(problems);
  return { allRegistries: false, registryIds: [...new Set(ids)].sort() };
}

function among(known: readonly Registry[]): string {
  if (known.length === 0) return ", which has none: create it first, or check project and credentials";
  const names = known.map(({ name }) => name).sort();
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  return `: there are ${names.slice(0, 10).join(", ")}${more}`;
}

/** Two levels: `modeRW` is push, pull and delete. */
export const modeOf = (permission: Permission): boolean => permission !== "read";
