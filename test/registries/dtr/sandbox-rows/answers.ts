import { now, type World } from "../sandbox-world";

/** What the client makes of the sandbox's views. */

const described: Readonly<Record<string, readonly [short: string, long: string]>> = { "team/app": ["App", "The app."] };

/** `place`: in lists there is no long description. */
export function repository(
  { state }: World,
  path: string,
  changed: Readonly<Record<string, unknown>> = {},
  place: "single" | "list" = "list",
) {
  const [namespace = "", name = ""] = path.split("/");
  const [shortDescription, longDescription] = described[path] ?? ["", ""];
  const long = place === "single" || state.switches.listedDescriptions === "present";
  const all = {
    id: state.repository(path).id,
    namespace,
    namespaceType: namespace === "team" ? "organization" : "user",
    name,
    shortDescription,
    longDescription,
    visibility: path === "team/open" ? "public" : "private",
    scanOnPush: false,
    immutableTags: false,
    enableManifestLists: false,
    pulls: 0,
    pushes: 0,
    tagLimit: 0,
    ...changed,
  };
  // Servers that know no tag limits do not say what was set.
  const limited = { ...all, ...(state.switches.tagLimits === "absent" && { tagLimit: 0 }) };
  const { longDescription: _, ...short } = limited;
  return long ? limited : short;
}

export const single = (world: World, path: string, changed?: Readonly<Record<string, unknown>>) =>
  repository(world, path, changed, "single");

export function user(world: World, name: string, changed: Readonly<Record<string, unknown>> = {}) {
  const fullName = name === "admin" ? "" : `The ${name}`;
  const flags = { isOrg: false, isAdmin: name === "admin", isActive: true, isImported: false };
  return { name, id: world.accountId(name), fullName, ...flags, ...changed };
}

/** As `/enzi/v0` shows it. */
export const enziUser = (world: World, name: string, changed: Readonly<Record<string, unknown>> = {}) =>
  user(world, name, { onDemand: false, otpEnabled: false, ...changed });

export const organization = (world: World, changed: Readonly<Record<string, unknown>> = {}) => ({
  name: "team",
  id: world.accountId("team"),
  fullName: "The team",
  isOrg: true,
  membersCount: 8,
  teamsCount: 6,
  ...changed,
});

export const grant = (world: World, team: string, accessLevel: string) => ({
  accessLevel,
  team: { id: world.teamId(team), clientUserIsMember: false },
});

/** What the repository of `team/app` looked like to whoever was told of it. */
export const event = (
  world: World,
  type: string,
  object: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  id: expect.any(String),
  publishedAt: now,
  actor: world.accountId("admin"),
  actorType: "USER",
  type,
  object,
  repository: "team/app",
  ...more,
});

/** A path to whom a mirror of the sandbox goes: itself. */
export const remote = (world: World) => ({
  remoteHost: world.url,
  remoteRepository: "team/target",
  username: "admin",
  password: world.dtr.credentials.password,
});
