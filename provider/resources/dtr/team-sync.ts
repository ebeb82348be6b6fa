import { z } from "zod";
import type { MemberSync } from "../../registries/dtr";
import type { Failure } from "../declaration";

/** How a team's members are taken from LDAP: those of one group, or those that a search finds. */
export interface LdapSync {
  /** Whether members come from LDAP at all. `false` turns it off, and all else is not looked at. */
  enabled: boolean;
  /** Take the members of one group (`groupDn`, `groupMemberAttribute`) in place of a search. Default `false`. */
  selectGroupMembers?: boolean;
  /** Distinguished name of the group. Needed with `selectGroupMembers`. */
  groupDn?: string;
  /** Attribute of the group that names its members. Needed with `selectGroupMembers`. */
  groupMemberAttribute?: string;
  /** Distinguished name from which users are searched for. Needed without `selectGroupMembers`. */
  searchBaseDn?: string;
  /** Search the whole tree below it, not one level. Default `false`. */
  searchScopeSubtree?: boolean;
  /** LDAP filter of the search. Default: none. */
  searchFilter?: string;
}

export const LdapSync: z.ZodType<LdapSync> = z.strictObject({
  enabled: z.boolean(),
  selectGroupMembers: z.boolean().optional(),
  groupDn: z.string().optional(),
  groupMemberAttribute: z.string().optional(),
  searchBaseDn: z.string().optional(),
  searchScopeSubtree: z.boolean().optional(),
  searchFilter: z.string().optional(),
});

/** A group or a search without its place: the server would refuse it, or find nobody and empty the team. */
export function syncProblems({ enabled, selectGroupMembers, groupDn, groupMemberAttribute, searchBaseDn }: LdapSync): Failure[] {
  if (!enabled) return [];
  if (!selectGroupMembers)
    return searchBaseDn ? [] : [{ property: "ldapSync", reason: "needs searchBaseDn, or selectGroupMembers: true with a group" }];
  const missing = [...(groupDn ? [] : ["groupDn"]), ...(groupMemberAttribute ? [] : ["groupMemberAttribute"])];
  return missing.length === 0
    ? []
    : [{ property: "ldapSync", reason: `needs ${missing.join(" and ")}, because selectGroupMembers is true` }];
}

/** What the API takes: a PUT sets all of it. */
export const toWire = (sync: LdapSync): MemberSync => ({
  enableSync: sync.enabled,
  selectGroupMembers: sync.selectGroupMembers ?? false,
  groupDN: sync.groupDn ?? "",
  groupMemberAttr: sync.groupMemberAttribute ?? "",
  searchBaseDN: sync.searchBaseDn ?? "",
  searchScopeSubtree: sync.searchScopeSubtree ?? false,
  searchFilter: sync.searchFilter ?? "",
});

/** What a program would declare to mean the configuration as it is. */
export const fromWire = (sync: MemberSync): LdapSync => ({
  enabled: sync.enableSync,
  ...(sync.selectGroupMembers && { selectGroupMembers: true }),
  ...(sync.groupDN && { groupDn: sync.groupDN }),
  ...(sync.groupMemberAttr && { groupMemberAttribute: sync.groupMemberAttr }),
  ...(sync.searchBaseDN && { searchBaseDn: sync.searchBaseDN }),
  ...(sync.searchScopeSubtree && { searchScopeSubtree: true }),
  ...(sync.searchFilter && { searchFilter: sync.searchFilter }),
});

/** Whether two configurations have the same effect: the server ignores what its other members leave without one. */
export const sameSync = (a: LdapSync, b: LdapSync): boolean => JSON.stringify(effect(a)) === JSON.stringify(effect(b));

function effect(sync: LdapSync): unknown {
  if (!sync.enabled) return false;
  const { groupDN, groupMemberAttr, searchBaseDN, searchScopeSubtree, searchFilter, selectGroupMembers } = toWire(sync);
  return selectGroupMembers ? [groupDN, groupMemberAttr] : [searchBaseDN, searchScopeSubtree, searchFilter];
}
