/** The levels of grants, weakest first. */
export const ACCESS_LEVELS = ["read-only", "read-write", "admin"] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** Member of an organization or of a team. */
export interface Membership {
  isAdmin: boolean;
  isPublic: boolean;
}

export interface User {
  readonly kind: "user";
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  fullName: string;
  password: string;
  /** System administrator. */
  isAdmin: boolean;
  /** Of others neither passwords nor tokens are accepted. */
  isActive: boolean;
  /** Comes from LDAP. */
  readonly isImported: boolean;
  /** UUID of the content cache of choice; empty for none. */
  contentCache: string;
}

export interface Organization {
  readonly kind: "organization";
  readonly id: string;
  readonly name: string;
  fullName: string;
  /** By user id. Its administrators may do everything in it. */
  readonly members: Map<string, Membership>;
  /** By team id. */
  readonly teams: Map<string, Team>;
  /** Namespace grants, by team id. */
  readonly grants: Map<string, AccessLevel>;
}

export interface Team {
  readonly id: string;
  readonly orgID: string;
  name: string;
  description: string;
  /** By user id. */
  readonly members: Map<string, Membership>;
  memberSync: Readonly<Record<string, unknown>>;
  groupLink: Readonly<Record<string, unknown>>;
}

export type Account = User | Organization;

/** An access token, which stands for its owner's password. Made and listed by `api_tokens`. */
export interface ApiToken {
  /** See `hashToken`. */
  readonly hashedToken: string;
  /** Id of the user whose password it stands for. */
  readonly owner: string;
  tokenLabel: string;
  isActive: boolean;
  readonly createdAt: Date;
  /** Undefined: never. */
  lastUsed?: Date;
  readonly generatedBy: string;
  readonly creatorUa: string;
}
