import type { SandboxResponse } from "../../contract";
import { accountOf, isAdministrator } from "../access";
import type { Account } from "../accounts-model";
import { argument, bool, type Call, form, type JsonObject, parameter, text } from "../call";
import { Refusal, refusal } from "../errors";
import { deleteAccount } from "../membership";
import { accountPage, sortedBy } from "../paging";
import { removeRepository, repositoriesIn, signedTags } from "../repositories";
import { listed, type Route } from "../route";
import { addOrganization, addUser } from "../seed";
import { accountNamed } from "../world";
import { enziAccount } from "./views";

const ACCOUNTS = "/enzi/v0/accounts";

/** Users and organizations, which `/api/v0` cannot create. */
export const enziAccountRoutes: readonly Route[] = [
  { method: "GET", path: ACCOUNTS, who: "user", list: true, run: list },
  { method: "POST", path: ACCOUNTS, who: "user", run: create },
  {
    method: "GET",
    path: `${ACCOUNTS}/{account}`,
    who: "user",
    run: (call) => ({ status: 200, json: enziAccount(accountOf(call, "account", "none")) }),
  },
  { method: "PATCH", path: `${ACCOUNTS}/{account}`, who: "user", run: update },
  { method: "DELETE", path: `${ACCOUNTS}/{account}`, who: "admin", run: remove },
];

const FILTERS: Readonly<Record<string, (account: Account) => boolean>> = {
  all: () => true,
  users: ({ kind }) => kind === "user",
  orgs: ({ kind }) => kind === "organization",
  admins: (account) => account.kind === "user" && account.isAdmin,
  "non-admins": (account) => account.kind === "user" && !account.isAdmin,
  "active-users": (account) => account.kind === "user" && account.isActive,
  "inactive-users": (account) => account.kind === "user" && !account.isActive,
};

const NAME = /^[a-z0-9][a-z0-9_.-]*$/;
const SHORTEST_PASSWORD = 8;

/** What it does not know as a filter is `all`. */
function list(call: Call): SandboxResponse {
  const { world } = call;
  const wanted = FILTERS[argument(call, "filter") ?? "all"] ?? (() => true);
  const part = argument(call, "contains") ?? "";
  const [, direction, field] = /^([+-]?)(name|fullName)$/.exec((argument(call, "order") ?? "name").trim()) ?? [];
  if (field === undefined) throw refusal("INVALID_PARAMETERS", "order is name or fullName, with + or - before it.");
  const found = [...world.accounts.values()].filter((account) => wanted(account) && `${account.name} ${account.fullName}`.includes(part));
  const ordered = sortedBy(found, (account) => `${field === "name" ? "" : account.fullName} ${account.name}`);
  const { items, headers, next } = accountPage(call, direction === "-" ? ordered.toReversed() : ordered, ({ name }) => name);
  const count = (filter: string) => found.filter(FILTERS[filter] ?? (() => false)).length;
  const counts = { usersCount: count("users"), orgsCount: count("orgs"), resourceCount: found.length };
  return { status: 200, headers, json: { accounts: listed(world, items.map(enziAccount)), ...counts, nextPageStart: next } };
}

/** Organizations are created by any user, who owns them then; users by system administrators. */
function create(call: Call): SandboxResponse {
  const { world, principal } = call;
  const fields = form(call);
  const name = text(fields, "name") ?? "";
  const isOrg = bool(fields, "isOrg") ?? false;
  if (!isOrg && !isAdministrator(principal)) throw refusal("NOT_AUTHORIZED");
  if (!NAME.test(name)) throw invalid(`The name '${name}' is not valid.`);
  if (accountNamed(world, name)) throw new Refusal(409, "ACCOUNT_EXISTS", `An account with the name '${name}' exists already.`);
  const fullName = text(fields, "fullName") ?? "";
  const owned = principal.user && !isAdministrator(principal) ? { members: { [principal.user.name]: "admin" as const } } : {};
  const account = isOrg ? addOrganization(world, name, { fullName, ...owned }) : addUser(world, name, { fullName, ...userFields(fields) });
  return { status: 201, json: enziAccount(account) };
}

function userFields(fields: JsonObject) {
  const password = text(fields, "password") ?? "";
  if (password.length < SHORTEST_PASSWORD) throw invalid(`A password has at least ${SHORTEST_PASSWORD} characters.`);
  return { password, isAdmin: bool(fields, "isAdmin") ?? false, isActive: bool(fields, "isActive") ?? true };
}

/** Only the keys that are there. Rights and activity are the system administrators'. */
function update(call: Call): SandboxResponse {
  const account = accountOf(call, "account", "owner");
  const fields = form(call);
  const isAdmin = bool(fields, "isAdmin");
  const isActive = bool(fields, "isActive");
  if ((isAdmin !== undefined || isActive !== undefined) && !isAdministrator(call.principal)) throw refusal("NOT_AUTHORIZED");
  account.fullName = text(fields, "fullName") ?? account.fullName;
  if (account.kind === "user") {
    account.isAdmin = isAdmin ?? account.isAdmin;
    account.isActive = isActive ?? account.isActive;
  }
  return { status: 200, json: enziAccount(account) };
}

/** With its repositories, or by the switch `orphans` without: this API need not know of them. */
function remove(call: Call): SandboxResponse {
  const { world } = call;
  const account = accountNamed(world, parameter(call, "account"));
  if (!account) throw refusal("NO_SUCH_ACCOUNT");
  const doomed = world.switches.orphans === "taken" ? repositoriesIn(world, account.name) : [];
  const signed = doomed.find((repository) => repository.signed.size > 0);
  if (signed) throw signedTags(signed);
  for (const repository of doomed) removeRepository(world, repository, call.principal.user?.id ?? "");
  deleteAccount(world, account);
  return { status: 204 };
}

function invalid(message: string): Refusal {
  return new Refusal(400, "INVALID_FORM", message);
}
