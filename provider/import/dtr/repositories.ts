import type { DtrClient, Repository } from "../../registries/dtr";
import type { Survey } from "../survey";
import * as sections from "./sections";

interface Known {
  readonly repositories: readonly Repository[];
  /** Names of teams, by organization and id. */
  readonly teams: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Repositories, what teams may do in each, and their policies. */
export async function findRepositories(client: DtrClient, survey: Survey, { repositories, teams }: Known): Promise<void> {
  const included = repositories.filter(({ namespace, name }) => survey.includes(`${namespace}/${name}`));
  await survey.each(included, async (repository) => {
    const { namespace, name } = repository;
    const path = `${namespace}/${name}`;
    survey.add({ kind: "Repository", id: path, label: path, section: sections.namespace(namespace), under: path });
    if (survey.wants("RepositoryTeamAccess") && repository.namespaceType === "organization")
      await findGrants(client, survey, repository, teams.get(namespace) ?? new Map());
    for (const policy of policies) {
      if (!survey.wants(policy.kind)) continue;
      const listed = policy.list(client, { namespace, repository: name }, { signal: survey.signal });
      for (const { id, targetRepository } of await survey.list(`${policy.kind} of ${path}`, listed)) {
        const label = `${path}/${policy.word}${targetRepository === undefined ? "" : `-to-${targetRepository}`}`;
        const section = policy.kind === "PromotionPolicy" ? sections.promotion : sections.namespace(namespace);
        survey.add({ kind: policy.kind, id: `${path}/${id}`, label, section, under: path }, path);
      }
    }
  });
}

async function findGrants(
  client: DtrClient,
  survey: Survey,
  { namespace, name }: Repository,
  teams: ReadonlyMap<string, string>,
): Promise<void> {
  const path = `${namespace}/${name}`;
  const grants = client.repositories.listTeamAccess({ namespace, repository: name }, { signal: survey.signal });
  for (const { team } of await survey.list(`teams' access to ${path}`, grants)) {
    const known = teams.get(team.id);
    const label = `${path}/${known ?? team.id}`;
    if (known === undefined) survey.skip(`RepositoryTeamAccess ${label}`, "the team is not among those that this user may see");
    else survey.add({ kind: "RepositoryTeamAccess", id: label, label, section: sections.namespace(namespace), under: path }, path);
  }
}

type Place = { readonly namespace: string; readonly repository: string };
type Options = { readonly signal: AbortSignal };
type Listed = { readonly id: string; readonly targetRepository?: string };

interface PolicyList {
  readonly kind: string;
  /** In names of resources. */
  readonly word: string;
  list(client: DtrClient, place: Place, options: Options): AsyncIterable<Listed> | Promise<readonly Listed[]>;
}

const policies: readonly PolicyList[] = [
  { kind: "PruningPolicy", word: "pruning", list: ({ pruningPolicies }, place, options) => pruningPolicies.list(place, options) },
  {
    kind: "PollMirroringPolicy",
    word: "poll-mirroring",
    list: ({ pollMirroringPolicies }, place, options) => pollMirroringPolicies.list(place, options),
  },
  {
    kind: "PushMirroringPolicy",
    word: "push-mirroring",
    list: ({ pushMirroringPolicies }, place, options) => pushMirroringPolicies.list(place, options),
  },
  {
    kind: "PromotionPolicy",
    word: "promotion",
    list: ({ promotionPolicies }, place, options) => promotionPolicies.list({ ...place, source: true }, options),
  },
];
