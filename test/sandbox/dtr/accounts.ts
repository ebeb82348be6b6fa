import type { SandboxResponse } from "../contract";
import { accountOf, actorOf, isAdministrator, levelIn, organizationOf, repositoryOf } from "./access";
import type { User } from "./accounts-model";
import { type Call, form, parameter, text } from "./call";
import { Refusal, refusal } from "./errors";
import { deleteAccount } from "./membership";
import { page } from "./paging";
import { removeRepository, repositoriesIn, signedTags } from "./repositories";
import { accountView, repositoryView, teamView } from "./repository-view";
import { absent, listed, type Route } from "./route";
import { services } from "./services";
import { accountNamed, pathOf, teamNamed, userNamed } from "./world";

const ACCOUNTS = "/api/v0/accounts";

export const accountRoutes: readonly Route[] = [
  { method: "GET", path: `${ACCOUNTS}/language`, who: "user", run: () => ({ status: 200, json: { language: "en" } }) },
  { method: "DELETE", path: `${ACCOUNTS}/{namespace}`, who: "admin", run: remove },
  { method: "DELETE", path: `${ACCOUNTS}/{namespace}/repositories`, who: { namespace: "admin" }, run: removeRepositories },
  {
    method: "GET",
    path: `${ACCOUNTS}/{organization}/teams/{team}/repositoryAccess`,
    who: { organization: "member" },
    list: true,
    run: teamAccess,
  },
  { method: "GET", path: `${ACCOUNTS}/{username}/repositoryAccess/{namespace}/{repository}`, who: "user", run: userAccess },
  { method: "GET", path: `${ACCOUNTS}/{username}/settings`, who: "user", run: readSettings },
  { method: "PATCH", path: `${ACCOUNTS}/{username}/settings`, who: "user", run: updateSettings },
];

/** With all its repositories; `204 success or absent` in 2.7. */
function remove(call: Call): SandboxResponse {
  const { world } = call;
  const account = accountNamed(world, parameter(call, "namespace"));
  if (!account) return absent(world, refusal("NO_SUCH_ACCOUNT"));
  dropRepositories(call, account.name);
  deleteAccount(world, account);
  const { accountDeleted, version } = world.switches;
  const status = accountDeleted === "version" ? (version === "2.6" ? 200 : 204) : Number(accountDeleted);
  return { status };
}

function removeRepositories(call: Call): SandboxResponse {
  if (call.world.switches.deprecated === "gone") throw refusal("NOT_ALLOWED");
  dropRepositories(call, accountOf(call, "namespace", "admin").name);
  return { status: 204 };
}

function dropRepositories({ world, principal }: Call, namespace: string): void {
  const doomed = repositoriesIn(world, namespace);
  const signed = doomed.find((repository) => repository.signed.size > 0);
  if (signed) throw signedTags(signed);
  for (const repository of doomed) removeRepository(world, repository, actorOf(principal));
}

/** The repositories that a team has grants for, beside what it has in the whole namespace. */
function teamAccess(call: Call): SandboxResponse {
  const { world, principal } = call;
  const organization = organizationOf(call, "organization", "member");
  const team = teamNamed(organization, parameter(call, "team"));
  if (!team) throw refusal("NO_SUCH_TEAM");
  const access = repositoriesIn(world, organization.name).flatMap((repository) => {
    const accessLevel = repository.grants.get(team.id);
    return accessLevel ? [{ accessLevel, repository }] : [];
  });
  const { items, headers } = page(call, access, ({ repository }) => pathOf(repository));
  const repositoryAccessList = items.map(({ accessLevel, repository }) => ({ accessLevel, repository: repositoryView(world, repository) }));
  return { status: 200, headers, json: { team: teamView(team, principal), repositoryAccessList: listed(world, repositoryAccessList) } };
}

/** Asked by the user himself, and by who administers the repository. */
function userAccess(call: Call): SandboxResponse {
  const { world, principal } = call;
  const user = existing(call);
  const repository = repositoryOf(call, principal.user === user ? "read-only" : "admin");
  const accessLevel = levelIn(world, { user }, repository);
  if (!accessLevel) throw refusal("NO_SUCH_REPOSITORY", "The user has no access to the repository.");
  return { status: 200, json: { accessLevel, user: accountView(user), repository: repositoryView(world, repository) } };
}

function readSettings(call: Call): SandboxResponse {
  return { status: 200, json: { ContentCacheUUID: own(call).contentCache } };
}

function updateSettings(call: Call): SandboxResponse {
  const user = own(call);
  const cache = text(form(call), "contentCacheUUID");
  if (cache !== undefined && cache !== "" && !services(call.world).contentCaches.has(cache))
    throw new Refusal(400, "INVALID_USER_SETTINGS", `There is no content cache ${cache}.`);
  user.contentCache = cache ?? user.contentCache;
  return { status: 200 };
}

/** The user of the path, who asks for himself, or whom an administrator asks for. */
function own(call: Call): User {
  const user = existing(call);
  if (user !== call.principal.user && !isAdministrator(call.principal)) throw refusal("NOT_AUTHORIZED");
  return user;
}

function existing(call: Call): User {
  const user = userNamed(call.world, parameter(call, "username"));
  if (!user) throw refusal("NO_SUCH_USER");
  return user;
}
