import { rows } from "../../../provider/registries/call";
import { operations } from "../../../provider/registries/dtr";
import { apiOperations } from "./api-operations";

/** What the client has beside the description's 109 operations. */
const extra = [
  "GET /api/v0/admin/version",
  "GET /api/v0/docs.json",
  "GET /auth/token",
  "GET /ca",
  "GET /health",
  "GET /enzi/v0/accounts",
  "POST /enzi/v0/accounts",
  "GET /enzi/v0/accounts/{name}",
  "PATCH /enzi/v0/accounts/{name}",
  "DELETE /enzi/v0/accounts/{name}",
  "GET /enzi/v0/accounts/{organization}/members",
  "GET /enzi/v0/accounts/{organization}/members/{user}",
  "PUT /enzi/v0/accounts/{organization}/members/{user}",
  "DELETE /enzi/v0/accounts/{organization}/members/{user}",
  "GET /enzi/v0/accounts/{organization}/teams",
  "POST /enzi/v0/accounts/{organization}/teams",
  "GET /enzi/v0/accounts/{organization}/teams/{team}",
  "PATCH /enzi/v0/accounts/{organization}/teams/{team}",
  "DELETE /enzi/v0/accounts/{organization}/teams/{team}",
  "GET /enzi/v0/accounts/{organization}/teams/{team}/members",
  "GET /enzi/v0/accounts/{organization}/teams/{team}/members/{user}",
  "PUT /enzi/v0/accounts/{organization}/teams/{team}/members/{user}",
  "DELETE /enzi/v0/accounts/{organization}/teams/{team}/members/{user}",
  "GET /enzi/v0/accounts/{organization}/teams/{team}/memberSyncConfig",
  "PUT /enzi/v0/accounts/{organization}/teams/{team}/memberSyncConfig",
  "GET /enzi/v0/accounts/{organization}/teams/{team}/groupLinkConfig",
  "PUT /enzi/v0/accounts/{organization}/teams/{team}/groupLinkConfig",
];

/** Without the names of parameters: the description and the client call them differently. */
const shape = (route: string) => route.replace(/\{[^}]*\}/g, "{}");
const routes = rows(operations).map(({ operation }) => operation.route);

describe("the table of operations", () => {
  it("has each of the 109 operations of the API's description once, and those named here beside them, and no other", () => {
    expect(apiOperations).toHaveLength(109);
    expect(new Set(apiOperations.map(shape)).size).toBe(109);
    expect(routes.map(shape).sort()).toEqual([...apiOperations, ...extra].map(shape).sort());
  });

  it("names path parameters as the client does everywhere", () => {
    const names = new Set(routes.flatMap((route) => [...route.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]))));
    const known = [
      "namespace",
      "repository",
      "team",
      "organization",
      "username",
      "user",
      "id",
      "name",
      "tag",
      "reference",
      "hashedToken",
      "action",
    ];
    const scanned = ["os", "arch", "component", "cve", "license", "layerid"];
    expect([...names].filter((name) => ![...known, ...scanned].includes(name))).toEqual([]);
  });

  it("sends nothing again that must not happen twice", () => {
    const repeated = rows(operations).filter(
      ({ operation }) => operation.repeatable({}) && !["GET", "PUT", "DELETE"].includes(operation.method),
    );
    expect(repeated.map(({ name }) => name).sort()).toEqual(repeatable);
    const once = rows(operations).filter(({ operation }) => operation.method === "DELETE" && !operation.repeatable({}));
    expect(once.map(({ name }) => name).sort()).toEqual(deletedOnce);
  });
});

/** POST and PATCH that set absolute values, or change nothing. */
const repeatable: readonly string[] = [
  "accounts.updateSettings",
  "actionConfigs.set",
  "apiTokens.update",
  "crons.set",
  "enzi.accounts.update",
  "enzi.teams.update",
  "imageScan.scan",
  "imageScan.scanAll",
  "imageScan.summaries",
  "jobs.cancel",
  "meta.updateSettings",
  "pruningPolicies.test",
  "remote.checkRegistry",
  "repositories.toggleScanOnPush",
  "repositories.update",
  "webhooks.update",
  "workers.setCapacity",
];
/** What a name points to may be something else by the second time. */
const deletedOnce: readonly string[] = ["accounts.deleteRepositories", "apiTokens.deleteMany", "tags.delete"];
