import type { Clock, OciStore } from "../contract";
import type { ImageView } from "./image-view";
import type { RepositoryView } from "./repositories";
import type { SelectelSwitches } from "./switches";

export interface Project {
  readonly id: string;
  readonly name: string;
}

/** A Keystone token: what `X-Auth-Token` carries. */
export interface Session {
  readonly token: string;
  /** Absent for a token of the account, which the Container Registry does not accept. */
  readonly project?: Project;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** The token that the sandbox hands out on start: nobody could renew it, so the fault `expired-session` does not end it. */
  readonly readyMade: boolean;
}

export type RegistryStatus = "CREATING" | "ACTIVE" | "DELETING" | "GARBAGE_COLLECTION" | "ERROR";

export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly pool: string;
}

export interface Registry {
  readonly id: string;
  readonly name: string;
  readonly project: Project;
  readonly createdAt: Date;
  status: RegistryStatus;
  transition?: Transition;
  clusters: readonly Cluster[];
}

/** A state that passes: after some polls, or after some time. */
export interface Transition {
  polls: number;
  readonly until: number;
  readonly finish: () => void;
}

/** A v1 token: its secret is its id. */
export interface SimpleToken {
  readonly secret: string;
  readonly project: Project;
  readonly ttl: "12h" | "1y";
  expiresAt: Date;
}

export interface Expiration {
  readonly isSet: boolean;
  /** As the client wrote it. */
  readonly expiresAt?: string;
}

export interface Scope {
  readonly modeRW: boolean;
  readonly allRegistries: boolean;
  readonly registryIds: readonly string[];
}

/** A v2 token. */
export interface NamedToken {
  readonly id: string;
  readonly project: Project;
  readonly createdAt: Date;
  name: string;
  secret: string;
  expiration: Expiration;
  scope: Scope;
  revoked: boolean;
  lastUsedAt?: Date;
}

/** What a Bearer token of the registry host stands for. */
export interface Grant {
  readonly secret: string;
  /** `name` to `pull`, `push`, `delete`. */
  readonly actions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly expiresAt: Date;
}

/** All that the simulator knows, beside the images, which are the store's. */
export interface World {
  readonly store: OciStore;
  readonly clock: Clock;
  readonly randomUuid: () => string;
  readonly switches: SelectelSwitches;
  readonly account: { readonly id: string; readonly userId: string; readonly username: string; readonly password: string };
  readonly projects: Project[];
  readonly sessions: Map<string, Session>;
  readonly registries: Map<string, Registry>;
  readonly simpleTokens: Map<string, SimpleToken>;
  readonly tokens: Map<string, NamedToken>;
  readonly grants: Map<string, Grant>;
  /** The thing last removed from each list, for the fault `stale-list`; the key names the list's owner. */
  readonly removed: {
    readonly registries: Map<string, Registry>;
    readonly repositories: Map<string, RepositoryView>;
    readonly images: Map<string, ImageView>;
    readonly tokens: Map<string, NamedToken>;
  };
  /** Host and port of the registry, as a Docker configuration names it. */
  readonly registryHost: string;
  /** Where the management API is, when that is another origin than the identity service's. */
  readonly apiOrigin?: string;
}

/** 40 characters in the form of the service's own secrets: `CRgAAAAA…`. */
export function newSecret(world: World): string {
  const bytes = Buffer.from(`${world.randomUuid()}${world.randomUuid()}`.replaceAll("-", ""), "hex");
  return `CRgAAAAA${bytes.toString("base64url").slice(0, 32)}`;
}
