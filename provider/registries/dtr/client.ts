import type { OciClient } from "../oci";
import type { Methods } from "./bind";
import type { operations } from "./operations";

/** The operations of the API as methods, by area. */
export type DtrApi = Methods<typeof operations>;

/**
 * Docker Trusted Registry 2.6 and 2.7, Mirantis Secure Registry 2.x: one method for each operation of `/api/v0`, the accounts, organizations and
 * teams of `/enzi/v0` (`enzi`), what the server answers beside them (`service`), and the registry itself (`oci`).
 *
 * Everything that fails throws RegistryError (`isGone`, `isExisting`, `isInvalid`, `isInNotary`, `isNotAuthorized` tell apart; statuses alone mislead
 * here); what cannot be right is refused with one of kind `request` before anything is sent. Lists in pages are async iterables that page to the end,
 * give each item once, and throw ListError rather than go round in circles. Nothing that must not happen twice is repeated when its answer is lost,
 * unless `find` is given.
 */
export interface DtrClient extends DtrApi, DtrConnection {}

/** Which server, and who speaks to it. */
export interface DtrConnection {
  /** `https://dtr.example.com`, without a slash at its end. */
  readonly url: string;
  /** `dtr.example.com`: what stands before `/namespace/repository:tag`, and what `domain` takes. */
  readonly registryHost: string;
  /** Undefined: anonymous. */
  readonly username?: string;
  /** The registry at the same origin, with the same credentials. */
  readonly oci: OciClient;
  /** Closes the connections. */
  close(): Promise<void>;
}
