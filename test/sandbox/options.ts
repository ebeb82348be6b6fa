import type { Clock, OciStore } from "./contract";
import type { SandboxDtrOptions } from "./dtr";
import type { OciSwitches } from "./oci/switches";
import type { OciUser, Right } from "./oci/users";
import type { SandboxRegistryUiOptions } from "./registryui";
import type { SelectelSwitches } from "./selectel";

export interface SandboxOptions {
  /** The first of nine ports, see `PORTS`. Default: any free ones. */
  readonly portBase?: number;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** Milliseconds before every answer, of the control endpoint excepted. Default: 0. */
  readonly latency?: number;
  /** Default: the machine's clock; `standingClock()` for tests with known dates. */
  readonly clock?: Clock;
  /** Which simulators to start. Default: all. */
  readonly apis?: readonly ("oci" | "selectel" | "registryui" | "dtr")[];
  readonly oci?: SandboxOciOptions;
  readonly selectel?: Partial<SelectelSwitches>;
  readonly registryui?: SandboxRegistryUiOptions;
  readonly dtr?: SandboxDtrOptions;
  /** Fills the registry before the first request. */
  readonly seed?: (store: OciStore, clock: Clock) => void | Promise<void>;
}

export interface SandboxOciOptions extends OciSwitches {
  /** Default: `basic`. */
  readonly auth?: "none" | "basic" | "bearer";
  /** The user of the start line, who may do everything. Default: `admin`. */
  readonly username?: string;
  /** Default: `sandbox-oci-password`. */
  readonly password?: string;
  /** More users, with their rights. */
  readonly users?: Readonly<Record<string, OciUser>>;
  /** What clients without credentials may do. Default: nothing. */
  readonly anonymous?: readonly Right[];
  /** `bearer`: seconds an access token lives. Default: 300. */
  readonly tokenLifetime?: number;
  /** `bearer`: `false` answers 404 to POST at the token server. Default: true. */
  readonly tokenPost?: boolean;
  /** `bearer`: which fields of the token server's answer carry the token. Default: both. */
  readonly tokenField?: "both" | "token" | "access_token";
  /** `bearer`: whether access tokens are JWTs, whose `access` anybody can read. Default: `opaque`. */
  readonly tokenFormat?: "opaque" | "jwt";
  /** `bearer`: what the token server grants of what was asked for and allowed. Default: `asked`. */
  readonly tokenGrant?: "asked" | "less" | "more-actions" | "more-repositories";
  /** `bearer`: which actions there are. `quay`: no `delete`; pull and push are demanded for it. Default: `distribution`. */
  readonly tokenActions?: "distribution" | "quay";
}

/** Offsets from `portBase`. A port stays free when its API is not started. */
export const PORTS = {
  control: 0,
  oci: 1,
  "oci-token": 2,
  selectel: 3,
  "selectel-identity": 4,
  "selectel-registry": 5,
  stranger: 6,
  registryui: 7,
  dtr: 8,
} as const;

export type ApiName = keyof typeof PORTS;

/** What the start line says. */
export interface SandboxInfo {
  readonly control: { readonly url: string };
  readonly oci?: { readonly url: string; readonly username: string; readonly password: string };
  readonly selectel?: {
    readonly v1: string;
    readonly v2: string;
    readonly authUrl: string;
    readonly accountId: string;
    readonly username: string;
    readonly password: string;
    readonly projectId: string;
    readonly projectName: string;
    readonly token: string;
    readonly registryHost: string;
  };
  /** The Extended API is `<url>/udr/v1api/`, the registry `<url>/v2/`, both with this user and token. */
  readonly registryui?: { readonly url: string; readonly username: string; readonly token: string };
  /** The API is `<url>/api/v0`, the accounts' `<url>/enzi/v0`, the registry `<url>/v2/`, all with this system administrator. */
  readonly dtr?: { readonly url: string; readonly username: string; readonly password: string };
}
