import { type DtrClient, findTeam, type Team } from "../../registries/dtr";

/** The team that a program names. Throws where there is none: nothing can be granted to it. */
export async function teamNamed(client: DtrClient, organization: string, name: string): Promise<Team> {
  const found = await findTeam(client, organization, name);
  if (found?.name !== name)
    throw new Error(
      `there is no team ${name} in ${organization}, or this user may not see it: declare it as a dtr.Team of the organization`,
    );
  return found;
}

/**
 * The same for a change of a grant. Throws where the name is no longer that of the state's team: grants are changed by name, so another team would get it, or none.
 */
export async function expectTeam(
  client: DtrClient,
  organization: string,
  last: { readonly team: string; readonly teamId: string },
): Promise<void> {
  const found = await teamOfState(client, organization, last);
  if (found?.name === last.team) return;
  throw new Error(
    `the team ${last.team} of ${organization} ${found ? `is called ${found.name} now` : "is gone"}, and nothing was changed: run \`pulumi refresh\`, and the next \`pulumi up\` grants it to the declared team`,
  );
}

/**
 * The team that the state speaks of, under whatever name it has now: by its id where the state knows it, for the name may have become another team's.
 * Undefined: it is gone.
 */
export async function teamOfState(
  client: DtrClient,
  organization: string,
  { team, teamId }: { readonly team: string; readonly teamId?: string },
): Promise<Team | undefined> {
  const found = await findTeam(client, organization, teamId ?? team);
  return teamId === undefined && found?.name !== team ? undefined : found;
}
