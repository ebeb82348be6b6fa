import { importRegistry } from "../../provider/import";
import { startWorld, type World } from "../resources/dtr/world";

let world: World;
beforeEach(async () => {
  world = await startWorld({
    accounts: { joe: { password: "joes-password" }, jane: { password: "janes-password" } },
    organizations: { org: { members: { joe: "member" }, teams: { devs: { members: ["joe"], description: "They push" } } } },
    repositories: {
      "org/app": { visibility: "public" },
      "org/web": { visibility: "private" },
      "org/docs": { visibility: "private" },
      "jane/own": {},
    },
  });
  await world.api("PUT", "/api/v0/repositories/org/app/teamAccess/devs", { accessLevel: "read-write" });
  await world.api("POST", "/api/v0/repositories/org/app/promotionPolicies?initialEvaluation=false", {
    enabled: true,
    rules: [{ field: "tag", operator: "sw", values: ["v"] }],
    targetRepository: "org/web",
    tagTemplate: "%n",
  });
});
afterEach(() => world.close());

async function imported(include: readonly string[], kinds?: readonly string[]) {
  const { username, password } = world.sandbox.info.dtr ?? { username: "", password: "" };
  return importRegistry({
    type: "dtr",
    connection: { type: "dtr", registry: world.url, username, password },
    include,
    ...(kinds && { kinds }),
  });
}

const ids = ({ resources }: Awaited<ReturnType<typeof imported>>): string[] =>
  resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort();

describe("the program", () => {
  it("is grouped by namespace, refers to what stands before, and says nothing that is the default", async () => {
    const { program } = await imported(
      ["org", "org/*", "joe"],
      ["Organization", "User", "OrganizationMember", "Team", "TeamMember", "Repository", "RepositoryTeamAccess", "PromotionPolicy"],
    );
    expect(program.slice(program.indexOf("\nimport ") + 1)).toBe(`import * as pulumi from "@pulumi/pulumi";
import { dtr } from "registry-as-code";

// ---- Users ----
// Nobody can read a password, so these keep the ones that they have: a user without \`password\` here is managed in everything else.

const joeUser = new dtr.User("joe", { name: "joe" });

// ---- Namespace org ----

const orgOrganization = new dtr.Organization("org", { name: "org" });
const orgJoeOrganizationMember = new dtr.OrganizationMember("org/joe", {
  organization: orgOrganization.name,
  user: joeUser.name,
});
const orgDevsTeam = new dtr.Team("org/devs", {
  organization: orgOrganization.name,
  name: "devs",
  description: "They push",
});
new dtr.TeamMember(
  "org/devs/joe",
  { organization: orgOrganization.name, team: orgDevsTeam.name, user: joeUser.name },
  { dependsOn: [orgJoeOrganizationMember] },
);

const orgAppRepository = new dtr.Repository("org/app", {
  namespace: orgOrganization.name,
  name: "app",
  visibility: "public",
  scanOnPush: false,
  immutableTags: false,
});
new dtr.RepositoryTeamAccess("org/app/devs", {
  namespace: orgOrganization.name,
  repository: orgAppRepository.name,
  team: orgDevsTeam.name,
  accessLevel: "read-write",
});

new dtr.Repository("org/docs", {
  namespace: orgOrganization.name,
  name: "docs",
  scanOnPush: false,
  immutableTags: false,
});
const orgWebRepository = new dtr.Repository("org/web", {
  namespace: orgOrganization.name,
  name: "web",
  scanOnPush: false,
  immutableTags: false,
});

// ---- Promotion between repositories ----

new dtr.PromotionPolicy("org/app/promotion-to-org/web", {
  namespace: orgOrganization.name,
  repository: orgAppRepository.name,
  targetRepository: pulumi.interpolate\`\${orgWebRepository.namespace}/\${orgWebRepository.name}\`,
  rules: [{ field: "tag", operator: "sw", values: ["v"] }],
});
`);
  });

  it("has plain values where what they name is not imported", async () => {
    const { program } = await imported(["org/app"], ["RepositoryTeamAccess"]);
    expect(program).toContain(`new dtr.RepositoryTeamAccess("org/app/devs", {
  namespace: "org",
  repository: "app",
  team: "devs",
  accessLevel: "read-write",
});`);
    expect(program).not.toContain("pulumi.interpolate");
  });
});

describe("globs", () => {
  const rows: readonly (readonly [include: readonly string[], kinds: readonly string[], found: readonly string[]])[] = [
    [["org/app"], ["Organization", "Repository", "RepositoryTeamAccess"], ["Repository org/app", "RepositoryTeamAccess org/app/devs"]],
    [
      ["org/*", "!org/d*"],
      ["Repository", "Team"],
      ["Repository org/app", "Repository org/web"],
    ],
    [["!org/**"], ["Repository"], ["Repository jane/own"]],
    [["j*"], ["User", "Organization"], ["User jane", "User joe"]],
    [["org/devs"], ["Team", "TeamMember", "Repository"], ["Team org/devs", "TeamMember org/devs/joe"]],
  ];
  it.each(rows)("%j of %j let in %j", async (include, kinds, found) => {
    expect(ids(await imported(include, kinds))).toEqual(found);
  });
});
