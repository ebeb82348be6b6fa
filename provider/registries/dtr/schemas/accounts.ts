import { z } from "zod";
import { flag, optional, text } from "./shape";
import { unlessErrors } from "./values";

/** A user or an organization. */
export interface Account {
  readonly name: string;
  /** UUID. */
  readonly id: string;
  readonly fullName: string;
  readonly isOrg: boolean;
  /** Of users: a system administrator. */
  readonly isAdmin?: boolean;
  /** Of users: may log in. */
  readonly isActive?: boolean;
  /** Of users: comes from LDAP. */
  readonly isImported?: boolean;
  /** Of users: created at the first login (LDAP, SAML). */
  readonly onDemand?: boolean;
  /** Of users: logs in with a second factor. */
  readonly otpEnabled?: boolean;
  /** Of organizations. */
  readonly membersCount?: number;
  /** Of organizations. */
  readonly teamsCount?: number;
}

export const Account: z.ZodType<Account> = z.object({
  name: z.string(),
  id: text,
  fullName: text,
  isOrg: flag,
  isAdmin: optional(z.boolean()),
  isActive: optional(z.boolean()),
  isImported: optional(z.boolean()),
  onDemand: optional(z.boolean()),
  otpEnabled: optional(z.boolean()),
  membersCount: optional(z.number()),
  teamsCount: optional(z.number()),
});

/** What a user chose for himself. */
export interface UserSettings {
  /** The content cache that the user's pulls are sent to; absent: none. */
  readonly contentCacheUUID?: string;
}

const id = z.string().nullish();
/** The server answers with a capital C, and takes a small one. */
export const UserSettings: z.ZodType<UserSettings> = unlessErrors(
  z.object({ ContentCacheUUID: id, contentCacheUUID: id }).transform(({ ContentCacheUUID, contentCacheUUID }) => {
    const uuid = ContentCacheUUID || contentCacheUUID;
    return uuid ? { contentCacheUUID: uuid } : {};
  }),
);

/** The language of the website. */
export interface Language {
  readonly language: string;
}

export const Language: z.ZodType<Language> = z.object({ language: text });
