import { type Case, later, right, UNKNOWN_TEXT, wrong } from "./case";
import { repository } from "./inputs";

export const access: readonly Case[] = [
  // no-public-repositories
  wrong(
    "noPublicRepositories",
    "a public repository",
    "dtr:Repository",
    { ...repository, visibility: "public" },
    "dtr",
    { ...repository, visibility: "private" },
    { fixed: { ...repository, visibility: "private" } },
  ),
  wrong("noPublicRepositories", "a public project", "registryui:Project", { repository: "team/app", isPublic: true }, "registryui", {
    repository: "team/app",
  }),
  right(
    "noPublicRepositories",
    "an allowed one",
    "registryui:Project",
    { repository: "public/app", isPublic: true },
    {
      configuration: { allow: ["public/**"] },
    },
  ),
  wrong(
    "noPublicRepositories",
    "one beside the list",
    "dtr:Repository",
    { ...repository, visibility: "public" },
    "dtr",
    { ...repository, name: "docs", visibility: "public" },
    { configuration: { allow: ["acme/docs"] }, fixed: { ...repository, visibility: "private" } },
  ),
  later("noPublicRepositories", "a visibility that is not known", "dtr:Repository", { ...repository, visibility: UNKNOWN_TEXT }, [
    "visibility",
  ]),
  later(
    "noPublicRepositories",
    "a public one that may be in the list",
    "dtr:Repository",
    { ...repository, namespace: UNKNOWN_TEXT, visibility: "public" },
    ["namespace"],
    { configuration: { allow: ["public/*"] } },
  ),

  // no-team-admin-on-namespaces
  wrong(
    "noTeamAdminOnNamespaces",
    "admin access",
    "dtr:NamespaceTeamAccess",
    { namespace: "acme", team: "developers", accessLevel: "admin" },
    "admin",
    { namespace: "acme", team: "developers", accessLevel: "read-write" },
  ),
  right(
    "noTeamAdminOnNamespaces",
    "an allowed team",
    "dtr:NamespaceTeamAccess",
    { namespace: "acme", team: "operations", accessLevel: "admin" },
    { configuration: { allow: ["*/operations"] } },
  ),
  later(
    "noTeamAdminOnNamespaces",
    "a level that is not known",
    "dtr:NamespaceTeamAccess",
    { namespace: "acme", team: "developers", accessLevel: UNKNOWN_TEXT },
    ["accessLevel"],
  ),
];
