/**
 * The vendor's texts leave much open: three of the ten calls have no page, statuses of errors are not told, samples contradict tables. Where
 * there are several readings, the sandbox plays each. The defaults are the likelier reading, or, between equally likely ones, the one that
 * hurts more; a client that means to survive the live service has to pass with each value.
 */
export interface RegistryUiSwitches {
  /** Which repositories of the sandbox's store are RegistryUI's: those below this path, shown without it. Empty: all of them. Default `registryui`. */
  prefix: string;
  /** Whether clients without credentials may read public repositories through the Extended API (Settings, Public tab). Default false. */
  publicApi: boolean;
  /** How errors come: in an envelope with status 200, the same with 401, 403, 404, 409 or 503, or as a web server's HTML page with these. Default `200`. */
  errors: "200" | "status" | "html";
  /** Beside `error`: `data: false` in every answer, as in the vendor's only sample, or the fields of a success with nothing in them. Default `false`. */
  errorData: "false" | "empty";
  /** A repository, tag or folder that is not there: a text in `error`, or no error: an empty list, `data` null or false. Default `text`. */
  unknown: "text" | "silent";
  /** Tags of a private repository that the user may not read: `NOTAUTHORIZED`, or an empty list ("based on user's permission"). Default `empty`. */
  unreadable: "empty" | "NOTAUTHORIZED";
  /** Methods of the three lookups: the tables say GET, the samples send POST. Default `both`. */
  reads: "both" | "GET" | "POST";
  /** A POST that announces no length is a 411, as at IIS; the samples announce 0. Default false. */
  lengthRequired: boolean;
  /** Deleting a tag deletes its digest with every tag that has it, as the registry below can only do, or the tag alone. Default `deleted`. */
  siblings: "deleted" | "kept";
  /** `folder=team` lists what is below `team`, that and `team` itself, only what is directly below, or all that begins so (`teams`). Default `below`. */
  folderLists: "below" | "below-and-itself" | "direct" | "beginning";
  /** Deleting the folder with an empty path (also `/`, `.`, or none at all) deletes everything, or is refused. Default `everything`. */
  emptyFolder: "everything" | "refused";
  /** Whether the list shows projects to which nothing was pushed yet. Default `listed`. */
  emptyProjects: "listed" | "hidden";
  /** Creating a project over a repository that was pushed without one: done, or `EXISTS`. Default `created`. */
  projectOverRepository: "created" | "EXISTS";
  /** Title of a project that was created without. Default `null`. */
  noTitle: "null" | "empty" | "name";
  /** Order of the lists, and of `startAfter`: by code points, or by a database's collation, for which `v1` and `V1` are the same. Default `binary`. */
  collation: "binary" | "ignore-case";
  /** Most entries of a list, whatever `take` says. Default none. */
  maxTake: number;
  /** Fields that the vendor does not support ("may change in future releases"). Default `present`. */
  otherFields: "present" | "absent";
  /** Seven digits and no zone; without zeros at the end, with no fraction at all if it is zero; or with `Z`. Default `seven`. */
  dates: "seven" | "trimmed" | "zone";
  /** `details` of a tag that is an index: its own digest without layers, digest and layers of its first image, or null. Default `index`. */
  indexDetails: "index" | "child" | "null";
  /** `data` of `isoffline`. Default `boolean`. */
  offlineShape: "boolean" | "string" | "offline" | "isOffline";
  /** Who may ask `isoffline`. Default `administrators`. */
  offlineAsked: "administrators" | "users" | "anybody";
  /** `setoffline` while it is offline already. Default `true`. */
  offlineTwice: "true" | "OFFLINE";
  /** The registry host while offline: 503 in Docker's error format, 503 with a page, or 403 `DENIED`. Default `503`. */
  hostOffline: "503" | "html" | "403";
  /** How many looks at `isoffline` (and refusals because of it) a garbage collection outlasts. 0: it is over at once. Default 0. */
  gcPolls: number;
  /** Milliseconds of the sandbox's clock after which it is over although nobody looked. Default 300,000. */
  gcDuration: number;
  /** What `garbagecollection` answers in the end. `stuck`: an error, and the registry stays offline. Default `true`. */
  gcResult: "true" | "false" | "error" | "stuck";
  /** A proxy before the server waits for the end of the collection, or answers 504 while it goes on. Default `waits`. */
  gcProxy: "waits" | "504";
  /** Garbage collection while set offline by hand: `OFFLINE`, or done, and the registry is online afterwards. Default `OFFLINE`. */
  gcWhileOffline: "OFFLINE" | "online-afterwards";
}

export const defaultSwitches: Readonly<RegistryUiSwitches> = {
  prefix: "registryui",
  publicApi: false,
  errors: "200",
  errorData: "false",
  unknown: "text",
  unreadable: "empty",
  reads: "both",
  lengthRequired: false,
  siblings: "deleted",
  folderLists: "below",
  emptyFolder: "everything",
  emptyProjects: "listed",
  projectOverRepository: "created",
  noTitle: "null",
  collation: "binary",
  maxTake: Number.POSITIVE_INFINITY,
  otherFields: "present",
  dates: "seven",
  indexDetails: "index",
  offlineShape: "boolean",
  offlineAsked: "administrators",
  offlineTwice: "true",
  hostOffline: "503",
  gcPolls: 0,
  gcDuration: 300_000,
  gcResult: "true",
  gcProxy: "waits",
  gcWhileOffline: "OFFLINE",
};

/** The values of the switches that are words. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  errors: ["200", "status", "html"],
  errorData: ["false", "empty"],
  unknown: ["text", "silent"],
  unreadable: ["empty", "NOTAUTHORIZED"],
  reads: ["both", "GET", "POST"],
  siblings: ["deleted", "kept"],
  folderLists: ["below", "below-and-itself", "direct", "beginning"],
  emptyFolder: ["everything", "refused"],
  emptyProjects: ["listed", "hidden"],
  projectOverRepository: ["created", "EXISTS"],
  noTitle: ["null", "empty", "name"],
  collation: ["binary", "ignore-case"],
  otherFields: ["present", "absent"],
  dates: ["seven", "trimmed", "zone"],
  indexDetails: ["index", "child", "null"],
  offlineShape: ["boolean", "string", "offline", "isOffline"],
  offlineAsked: ["administrators", "users", "anybody"],
  offlineTwice: ["true", "OFFLINE"],
  hostOffline: ["503", "html", "403"],
  gcResult: ["true", "false", "error", "stuck"],
  gcProxy: ["waits", "504"],
  gcWhileOffline: ["OFFLINE", "online-afterwards"],
};

/** All switches: those given, the others at their defaults. Throws a sentence on a name or a value that does not exist. */
export function parseSwitches(given: Readonly<Record<string, unknown>> = {}): RegistryUiSwitches {
  for (const [name, value] of Object.entries(given)) {
    const byDefault: unknown = Object.entries(defaultSwitches).find(([known]) => known === name)?.[1];
    if (byDefault === undefined) throw new Error(`RegistryUI's sandbox has no switch ${name}.`);
    const allowed = choices[name];
    if (allowed ? !allowed.includes(value) : typeof value !== typeof byDefault) {
      const wanted = allowed ? allowed.join(" or ") : `a ${typeof byDefault}`;
      throw new Error(`RegistryUI's switch ${name} is ${wanted}, not ${String(value)}.`);
    }
  }
  return { ...defaultSwitches, ...given };
}
