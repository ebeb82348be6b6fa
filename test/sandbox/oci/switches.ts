import type { OciApiOptions } from "../contract";

/** How the registry behaves where real ones differ. The defaults are what OCI distribution 1.1 wants. */
export interface OciSwitches {
  /** `unsupported`: 400 `DIGEST_INVALID` for every tag, as distribution 2.3 to 2.8 answer. Default: `supported`. */
  readonly tagDelete?: "supported" | "unsupported";
  /** `disabled`: 405 `UNSUPPORTED` for every delete of a manifest or blob, as distribution without `storage.delete.enabled`. Default: `enabled`. */
  readonly delete?: "enabled" | "disabled";
  /** `false`: no such route and no `OCI-Subject`, as distribution 2.x and 3.x. Default: true. */
  readonly referrersApi?: boolean;
  /**
   * `spec`: tags in ASCII order, pages of at most 1,000, `Link` when more remain. `distribution-2.8`: tags unsorted, all of them whatever `n`
   * and `last` say, `null` when there are none; a catalog page of 100 and a `Link` after every full page. Default: `spec`.
   */
  readonly paging?: "spec" | "distribution-2.8";
  /**
   * `any`: a manifest is served whatever `Accept` says. `distribution-2.8`: 404 for an OCI manifest or index whose type is not listed, and the
   * linux/amd64 child in place of a Docker manifest list fetched by tag. Default: `any`.
   */
  readonly accept?: "any" | "distribution-2.8";
  /** What a manifest may name that is not there: `index`: children of an index; `all`: also blobs; `none`: nothing. Never its subject. Default: `index`. */
  readonly sparse?: "index" | "all" | "none";
  /** `false`: 404 for `/v2/_catalog`, as hosted registries answer. Default: true. */
  readonly catalog?: boolean;
  /** Descriptors in one answer of the referrers API. Default: 100. */
  readonly referrersPage?: number;
}

/** What the endpoints of one OCI API share. */
export interface OciContext extends OciApiOptions {
  readonly switches: Required<OciSwitches>;
}

export function withDefaults(switches: OciSwitches): Required<OciSwitches> {
  return {
    tagDelete: switches.tagDelete ?? "supported",
    delete: switches.delete ?? "enabled",
    referrersApi: switches.referrersApi ?? true,
    paging: switches.paging ?? "spec",
    accept: switches.accept ?? "any",
    sparse: switches.sparse ?? "index",
    catalog: switches.catalog ?? true,
    referrersPage: switches.referrersPage ?? 100,
  };
}
