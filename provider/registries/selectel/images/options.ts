import type { HttpClock } from "../../../http";
import type { OciClient } from "../../oci/client";

export interface SelectelImagesOptions {
  /** Milliseconds for which a busy registry (409: garbage is being collected) is waited out, and which a garbage collection may take. Default 60 minutes. */
  readonly deadline?: number;
  /** Digests in one call of `cleanup`. The service's own limit is not documented. Default 100. */
  readonly batchSize?: number;
  /** Manifests that are read at a time. Default 8. */
  readonly concurrency?: number;
  /**
   * Milliseconds. Where a repository was changed less than this ago, its untagged images count as just pushed, whatever their build time: an
   * index is pushed after its children, which until then look like untagged images. Default 15 minutes; 0: never.
   */
  readonly pushGuard?: number;
  /**
   * Whether a single tag can be removed. `v2`: by `DELETE /v2/<name>/manifests/<tag>` at the registry host. Whether the service takes the tag
   * alone then, or its digest with all its tags, is documented nowhere: find out first. Default `unsupported`.
   */
  readonly untag?: "unsupported" | "v2";
  /** Opens the registry host, which is asked only for manifests that the API does not show. Default: `connectOci` with default settings. */
  readonly openHost?: (access: HostCredentials) => OciClient;
  /** One line for what a reader of the log should know: a registry that was left out, a token that could not be revoked. Free of secrets. */
  readonly log?: (line: string) => void;
  /** Default: the real time. */
  readonly clock?: HttpClock;
  /** Different text each time, for the names of tokens. Default: 16 random hexadecimal digits. */
  readonly nonce?: () => string;
  /** Whether `close` closes the client, too. Default false. */
  readonly ownsClient?: boolean;
}

export interface HostCredentials {
  /** `https://cr.selcloud.ru`. */
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string };
}

/** The options with their defaults. */
export type Settings = Required<SelectelImagesOptions>;
