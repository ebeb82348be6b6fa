import { z } from "zod";
import { type DtrClient, type Team as Found, forgetTeam, isNotAuthorized } from "../../registries/dtr";
import type { CommonInputs, Context } from "../declaration";
import { Incomplete } from "../failure";
import { resource } from "../resource";
import { changes, declared } from "./declared";
import { dtr } from "./module";
import { AccountName, idParts } from "./names";
import { fromWire, LdapSync, sameSync, syncProblems, toWire } from "./team-sync";
import { unlessGone } from "./unless-gone";

/** What a program declares. */
export interface TeamInputs extends CommonInputs {
  /** Name of the organization. A change replaces the team. */
  organization: string;
  /** Name, unique in the organization. A change renames the team: members and grants stay. */
  name: string;
  /** For people. Not looked at where it is not declared. */
  description?: string;
  /** How members are taken from LDAP. Not looked at where it is not declared. */
  ldapSync?: LdapSync;
}

/** What the server adds. */
export interface TeamOutputs {
  /** UUID of the team. It stays through renaming. */
  teamId: string;
}

/**
 * A team of an organization. Destroying it takes its memberships and grants with it; users and repositories stay.
 *
 * The id is `organization/teamId`.
 */
export class Team extends resource<TeamInputs, TeamOutputs, DtrClient>({
  type: "dtr:Team",
  module: dtr,
  inputs: { organization: AccountName, name: AccountName, description: z.string().optional(), ldapSync: LdapSync.optional() },
  outputs: { teamId: z.string() },
  replaceOn: ["organization"],
  rules: ({ ldapSync }) => (ldapSync ? syncProblems(ldapSync) : []),
  same: { ldapSync: (a, b) => a !== undefined && b !== undefined && sameSync(a, b) },
  key: ({ organization, name }) => `${organization}/${name}`,

  async find(context, inputs) {
    const found = await named(context, inputs);
    return found && idOf(inputs, found);
  },
  async create(context, inputs, attempt) {
    const { client, signal } = context;
    const { organization, name, description, ldapSync } = inputs;
    const made = await client.enzi.teams.create(
      { organization, name, ...(description !== undefined && { description }) },
      { signal, find: () => named(context, inputs) }, // right before this, there was none
    );
    const [id, outputs] = [idOf(inputs, made), { teamId: made.id }];
    attempt.created(id);
    forget(client, organization, name, made.id);
    if (ldapSync) {
      await client.enzi.memberSync.set({ organization, team: made.id, ...toWire(ldapSync) }, { signal }).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        // Without `ldapSync` among what is there, so that the next `up` sets it.
        throw new Incomplete<TeamInputs & TeamOutputs>(id, { ...outputs, ldapSync: undefined }, [
          `the team exists, but its LDAP configuration could not be set: ${reason}`,
        ]);
      });
    }
    return { id, outputs };
  },
  async read(context, id, last) {
    const { client, signal } = context;
    const [organization = "", teamId = ""] = idParts("dtr:Team", id, "organization/teamId");
    const found = await unlessGone(client.enzi.teams.get({ organization, team: teamId }, { signal }));
    if (!found) return undefined;
    if (found.id !== teamId) throw new Error(`${id} names the team by its name, which may change: use the id ${organization}/${found.id}`);
    const stateful = last.teamId !== undefined;
    return {
      organization,
      name: found.name,
      ...declared({ description: found.description }, last, stateful),
      ...(stateful && last.ldapSync === undefined ? {} : await syncOf(context, organization, teamId, last.ldapSync)),
      teamId,
    };
  },
  async update({ client, signal }, _id, { organization, name, description, ldapSync }, last) {
    const at = { organization, team: last.teamId };
    const changed = changes({ name, description }, last);
    if (Object.keys(changed).length > 0) {
      await client.enzi.teams.update({ ...at, ...changed }, { signal });
      forget(client, organization, name, last.name, last.teamId);
    }
    if (ldapSync && !(last.ldapSync && sameSync(ldapSync, last.ldapSync))) {
      // Turned off, it keeps what the program does not speak of: whoever turns it on again finds it.
      const now = ldapSync.enabled ? undefined : await unlessGone(client.enzi.memberSync.get(at, { signal }));
      await client.enzi.memberSync.set({ ...at, ...toWire(now ? { ...fromWire(now), ...ldapSync } : ldapSync) }, { signal });
    }
    return { teamId: last.teamId };
  },
  async delete({ client, signal }, _id, { organization, name, teamId }) {
    // By its id: the name may be another team's by now.
    await unlessGone(client.enzi.teams.delete({ organization, team: teamId }, { signal }));
    forget(client, organization, name, teamId);
  },
}) {}

const idOf = ({ organization }: TeamInputs, { id }: Found): string => `${organization}/${id}`;

/** A team's id is understood in place of its name and must not pass for it. */
async function named({ client, signal }: Context<DtrClient>, { organization, name }: TeamInputs): Promise<Found | undefined> {
  const found = await unlessGone(client.enzi.teams.get({ organization, team: name }, { signal }));
  return found?.name === name ? found : undefined;
}

/** The configuration as it is; as the program wrote it where that means the same. */
async function syncOf(
  { client, signal }: Context<DtrClient>,
  organization: string,
  team: string,
  last: LdapSync | undefined,
): Promise<{ ldapSync?: LdapSync }> {
  // One that was never made may be a 404, and who need not declare it need not be allowed to see it.
  const found = await unlessGone(client.enzi.memberSync.get({ organization, team }, { signal })).catch((error: unknown) => {
    if (last || !isNotAuthorized(error)) throw error;
    return undefined;
  });
  const now: LdapSync = found ? fromWire(found) : { enabled: false };
  if (last) return { ldapSync: sameSync(now, last) ? last : now };
  return now.enabled ? { ldapSync: now } : {};
}

const forget = (client: DtrClient, organization: string, ...teams: readonly string[]): void => {
  for (const team of teams) forgetTeam(client, organization, team);
};
