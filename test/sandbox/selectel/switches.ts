/**
 * Where the documentation of Selectel's Container Registry contradicts itself, its clients, or says nothing, the sandbox plays either
 * reading. The defaults are the likelier reading; a client that means to survive the live service has to pass with each value.
 */
export interface SelectelSwitches {
  /** What `offset` counts: items to skip (v1 repositories say so) or pages of `limit` items ("Page offset for pagination"). Default `items`. */
  offset: "items" | "pages";
  /** v1 registries and repositories: an empty list is a 204 without a body (seen live by craas-go) or a 200 with `[]`. Default `204`. */
  emptyList: "204" | "200";
  /** `{"error":"text"}` (documented), `{"error":{"id","message"}}` (craas-go), `{"message"}` (one sample), a proxy's page, nothing. Default `string`. */
  errorBody: "string" | "nested" | "message" | "html" | "empty";
  /** Status of both "create token" operations: 201 is documented, 200 is what craas-go expects. Default 201. */
  tokenCreateStatus: 200 | 201;
  /** "List layers" gives an Image object (documented) or a bare array of layers (craas-go). Default `object`. */
  layersShape: "object" | "array";
  /** How many GETs of a new registry still show `CREATING`. Default 2. Requests refused because of the state count too. */
  createPolls: number;
  /** How many GETs of a deleted registry still show `DELETING` before the 404. Default 2. */
  deletePolls: number;
  /** How many GETs show `GARBAGE_COLLECTION` before the collection is done. Default 2. */
  gcPolls: number;
  /** Milliseconds of the sandbox's clock after which a state flips although nobody polled. Default 300,000. */
  settleAfter: number;
  /** In which status a creation ends. Default `ACTIVE`. */
  createResult: "ACTIVE" | "ERROR";
  /** Cleanup by tag removes the manifest with all its tags, or only that tag. Default `manifest`. */
  tagCleanup: "manifest" | "untag";
  /** Deleting a registry that holds manifests: done with all it holds, or 409. Default `allowed`. */
  deleteNonEmpty: "allowed" | "conflict";
  /** Whether deleting a manifest or a repository starts a garbage collection by itself, as a cleaner's change log suggests. Default false. */
  deleteStartsGc: boolean;
  /** Pushes and deletes on the registry host during a garbage collection: 409, or taken at the risk of losing layers. Default `refused`. */
  pushDuringGc: "refused" | "accepted";
  /** Whether `delete-untagged` spares the untagged children of an index that is kept. Default `kept`. */
  untaggedChildren: "kept" | "collected";
  /** GET of a revoked v2 token. It stays in the list in both cases. Default `200`. */
  revokedTokenGet: "200" | "404";
  /** Challenge of the registry host; `bearer` has its token service at `/token` of the same host. Default `basic`. */
  hostAuth: "basic" | "bearer";
  /** Refresh and regenerate with the bare `{"isSet","expiresAt"}` of craas-go instead of `{"expiration":{…}}`. Default `400`. */
  bareExpiration: "400" | "accepted";
  /** A scope with `allRegistries: true` and `registryIds`: the ids win (the documentation's sample), or 400. Default `listed`. */
  bothScopes: "listed" | "400";
  /** `expiration` of a token without an end: `{"isSet":false}`, or with Go's zero time as `expiresAt`. Default `absent`. */
  unsetExpiresAt: "absent" | "zero";
  /** Repositories with `short=true`: objects with a name only, or plain strings. Default `objects`. */
  shortShape: "objects" | "strings";
  /** `/images` and `/tags` of v1 document no parameters and give everything; true makes them page like the other lists. Default false. */
  undocumentedPaging: boolean;
  /** Images of a repository whose slash came unencoded: an empty 200, or 500 "failed to list manifests"; both were seen. Default `empty`. */
  unencodedSlash: "empty" | "error";
  /** Larger values of `limit` are cut to this one without a word. Default none. */
  maxLimit: number;
  /** Longest name of a registry. Default 20 (the Terraform provider's own tests use longer names). */
  nameLimit: number;
  /** Registries in a project, above which a creation is a 403. Default 100. */
  registryLimit: number;
  /** Bytes, `sizeLimit` of every registry. Default 21,474,836,480 (20 GiB). */
  sizeLimit: number;
}

export const defaultSwitches: Readonly<SelectelSwitches> = {
  offset: "items",
  emptyList: "204",
  errorBody: "string",
  tokenCreateStatus: 201,
  layersShape: "object",
  createPolls: 2,
  deletePolls: 2,
  gcPolls: 2,
  settleAfter: 300_000,
  createResult: "ACTIVE",
  tagCleanup: "manifest",
  deleteNonEmpty: "allowed",
  deleteStartsGc: false,
  pushDuringGc: "refused",
  untaggedChildren: "kept",
  revokedTokenGet: "200",
  hostAuth: "basic",
  bareExpiration: "400",
  bothScopes: "listed",
  unsetExpiresAt: "absent",
  shortShape: "objects",
  undocumentedPaging: false,
  unencodedSlash: "empty",
  maxLimit: Number.POSITIVE_INFINITY,
  nameLimit: 20,
  registryLimit: 100,
  sizeLimit: 21_474_836_480,
};

/** The values of the switches that are no booleans and no numbers. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  offset: ["items", "pages"],
  emptyList: ["204", "200"],
  errorBody: ["string", "nested", "message", "html", "empty"],
  tokenCreateStatus: [200, 201],
  layersShape: ["object", "array"],
  createResult: ["ACTIVE", "ERROR"],
  tagCleanup: ["manifest", "untag"],
  deleteNonEmpty: ["allowed", "conflict"],
  pushDuringGc: ["refused", "accepted"],
  untaggedChildren: ["kept", "collected"],
  revokedTokenGet: ["200", "404"],
  hostAuth: ["basic", "bearer"],
  bareExpiration: ["400", "accepted"],
  bothScopes: ["listed", "400"],
  unsetExpiresAt: ["absent", "zero"],
  shortShape: ["objects", "strings"],
  unencodedSlash: ["empty", "error"],
};

/** All switches: those given, the others at their defaults. Throws a sentence on a name or a value that does not exist. */
export function parseSwitches(given: unknown = {}): SelectelSwitches {
  if (typeof given !== "object" || given === null) throw new Error("Selectel's switches are an object of names and values.");
  for (const [name, value] of Object.entries(given)) {
    const byDefault: unknown = Object.entries(defaultSwitches).find(([known]) => known === name)?.[1];
    if (byDefault === undefined) throw new Error(`Selectel's sandbox has no switch ${name}.`);
    const allowed = choices[name];
    if (allowed ? !allowed.includes(value) : typeof value !== typeof byDefault) {
      const wanted = allowed ? allowed.join(" or ") : `a ${typeof byDefault}`;
      throw new Error(`Selectel's switch ${name} is ${wanted}, not ${String(value)}.`);
    }
  }
  return { ...defaultSwitches, ...given };
}
