import { defaultServiceSwitches, type ServiceSwitches, serviceChoices } from "./service-switches";

/** What the reference is not sure of, or what differs between versions: each can be turned, in `startSandbox({ dtr })` or at any time in `state.switches`. */
export interface DtrSwitches extends ServiceSwitches {
  /** Decides the success codes of webhooks and accounts, three settings and one query. Default `2.6`. */
  version: "2.6" | "2.7";
  /** Path of its repositories in the sandbox's store; empty for the whole store. Default `dtr`. */
  prefix: string;
  /** Form of error bodies: the list; one bare `{code,message}` (seen on the UCP side); a list with `detail`; an empty list; a proxy's page. Default `list`. */
  errors: "list" | "bare" | "detail" | "empty" | "html";
  /** DELETE of what is not there, where the documents print both "204 also when absent" and a 404. Default `204`. */
  deleteAbsent: "204" | "404";
  /** Lists with nothing in them: `[]`, or Go's `null`. Default `array`. */
  emptyLists: "array" | "null";
  /** `X-Next-Page-Start` on the last page. Default `absent`. */
  lastPage: "absent" | "empty";
  /** Most records of a page, whatever `pageSize` says. Default none. */
  maxPageSize: number;
  /** What a repository that is not there, or may not be seen, is to whoever is no administrator. Default `404`. */
  unseen: "404" | "403";
  /** What clients without credentials get: public repositories, or 401 everywhere. Default `public`. */
  anonymous: "public" | "refused";
  /** Visibility of a repository that was created without. Default `public`. */
  defaultVisibility: "public" | "private";
  /** `longDescription` in lists of repositories. Default `absent`. */
  listedDescriptions: "absent" | "present";
  /** `tagLimit` in repositories: absent before 2.5. Default `present`. */
  tagLimits: "present" | "absent";
  /** Body of PUT `…/repositories/{ns}/{repo}/teamAccess/{team}`: the whole list, as published; only the one grant in it; one grant by itself; nothing. Default `list`. */
  repositoryGrantBody: "list" | "one" | "grant" | "empty";
  /** Success of DELETE `/api/v0/accounts/{namespace}`; no status is published for 2.6. Default `version`: 200 in 2.6, 204 in 2.7. */
  accountDeleted: "version" | "200" | "204";
  /** What `DELETE /enzi/v0/accounts/{account}` does with the repositories: takes them along, or leaves them to administrators. Default `taken`. */
  orphans: "taken" | "left";
  /** Whether `DELETE …/manifests/{reference}` and `DELETE /accounts/{ns}/repositories`, listed but "removed" by the release notes, are there. Default `there`. */
  deprecated: "there" | "gone";
  /** A bad policy: 404 `INVALID_…` as published, or 400. Default `404`. */
  invalidPolicy: "404" | "400";
  /** Operator `matches` (regular expressions), which came after 2.7. Default `refused`. */
  matches: "refused" | "known";
  /** `initialEvaluation` of a repository with more tags than this ends with a proxy's 504, after the effect. Default never. */
  evaluationTimeout: number;
  /** Whether mirroring policies are refused when the login at the remote host does not work. Default `checked`. */
  mirrorLogin: "checked" | "unchecked";
  /** Items of `…/tags`: with few keys of `manifest` unless `includeManifests`; or always all. Default `few`. */
  tagManifests: "few" | "all";
  /** Where Go's zero time may stand ("never"): `0001-01-01T00:00:00Z`, or an empty text. Default `zero`. */
  never: "zero" | "empty";
}

export const defaultSwitches: Readonly<DtrSwitches> = {
  ...defaultServiceSwitches,
  version: "2.6",
  prefix: "dtr",
  errors: "list",
  deleteAbsent: "204",
  emptyLists: "array",
  lastPage: "absent",
  maxPageSize: Number.POSITIVE_INFINITY,
  unseen: "404",
  anonymous: "public",
  defaultVisibility: "public",
  listedDescriptions: "absent",
  tagLimits: "present",
  repositoryGrantBody: "list",
  accountDeleted: "version",
  orphans: "taken",
  deprecated: "there",
  invalidPolicy: "404",
  matches: "refused",
  evaluationTimeout: Number.POSITIVE_INFINITY,
  mirrorLogin: "checked",
  tagManifests: "few",
  never: "zero",
};

/** The values of the switches that are words. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  ...serviceChoices,
  version: ["2.6", "2.7"],
  errors: ["list", "bare", "detail", "empty", "html"],
  deleteAbsent: ["204", "404"],
  emptyLists: ["array", "null"],
  lastPage: ["absent", "empty"],
  unseen: ["404", "403"],
  anonymous: ["public", "refused"],
  defaultVisibility: ["public", "private"],
  listedDescriptions: ["absent", "present"],
  tagLimits: ["present", "absent"],
  repositoryGrantBody: ["list", "one", "grant", "empty"],
  accountDeleted: ["version", "200", "204"],
  orphans: ["taken", "left"],
  deprecated: ["there", "gone"],
  invalidPolicy: ["404", "400"],
  matches: ["refused", "known"],
  mirrorLogin: ["checked", "unchecked"],
  tagManifests: ["few", "all"],
  never: ["zero", "empty"],
};

/** All switches: those given, the others at their defaults. Throws a sentence on a name or a value that does not exist. */
export function parseSwitches(given: Readonly<Record<string, unknown>> = {}): DtrSwitches {
  for (const [name, value] of Object.entries(given)) {
    const byDefault: unknown = Object.entries(defaultSwitches).find(([known]) => known === name)?.[1];
    if (byDefault === undefined) throw new Error(`DTR's sandbox has no switch ${name}.`);
    const allowed = choices[name];
    if (allowed ? !allowed.includes(value) : typeof value !== typeof byDefault) {
      const wanted = allowed ? allowed.join(" or ") : `a ${typeof byDefault}`;
      throw new Error(`DTR's switch ${name} is ${wanted}, not ${String(value)}.`);
    }
  }
  return { ...defaultSwitches, ...given };
}
