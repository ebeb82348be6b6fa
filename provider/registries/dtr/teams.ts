import { withoutSignal } from "../../http/ambient-signal";
import type { DtrClient } from "./client";
import { isGone } from "./errors";
import type { Team } from "./schemas/enzi";

/** What looks teams up. */
export type TeamSource = { readonly enzi: { readonly teams: Pick<DtrClient["enzi"]["teams"], "get"> } };

const teams = new WeakMap<TeamSource, Map<string, Promise<Team | undefined>>>();

/**
 * The team of an organization, by name or id; undefined if there is none that this user may see. Grants name teams by id only, so all that need an id share one
 * request a team and client. What fails or finds nothing is asked again. `forgetTeam` after a team was created, renamed or deleted.
 */
export function findTeam(client: TeamSource, organization: string, team: string): Promise<Team | undefined> {
  const known = teams.get(client) ?? new Map<string, Promise<Team | undefined>>();
  teams.set(client, known);
  const key = keyOf(organization, team);
  const present = known.get(key);
  if (present) return present;
  // It is everybody's request: nobody's signal ends it.
  const found = withoutSignal(() => client.enzi.teams.get({ organization, team })).catch((error: unknown) => {
    if (isGone(error)) return undefined;
    throw error;
  });
  known.set(key, found);
  const forget = () => {
    if (known.get(key) === found) known.delete(key);
  };
  found.then((result) => result ?? forget(), forget);
  return found;
}

/** Has the next `findTeam` ask again, for this name or id. */
export function forgetTeam(client: TeamSource, organization: string, team: string): void {
  teams.get(client)?.delete(keyOf(organization, team));
}

const keyOf = (organization: string, team: string): string => JSON.stringify([organization, team]);
