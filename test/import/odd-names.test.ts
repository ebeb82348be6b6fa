import { importRegistry } from "../../provider/import";
import { startWorld, type World } from "../resources/dtr/world";
import { type Sandbox, startSandbox } from "../sandbox";

let open: Sandbox | World | undefined;
afterEach(() => open?.close());

it("an object that the first `up` would change is left out, and the reason names the inputs", async () => {
  const world = await startWorld({ organizations: { org: {} }, repositories: { "org/app": {}, "org/web": {} } });
  open = world;
  const { id } = await world.api<{ id: string }>("POST", "/api/v0/repositories/org/app/promotionPolicies?initialEvaluation=false", {
    enabled: true,
    rules: [{ field: "tag", operator: "sw", values: ["v"] }],
    targetRepository: "org/web",
    tagTemplate: "%n",
  });
  const body = { id, rules: [], targetRepository: "org/web", tagTemplate: "", enabled: true };
  world.sandbox.control.inject({
    api: "dtr",
    path: `/promotionPolicies/${id}`,
    fault: { kind: "status", status: 200, body: JSON.stringify(body) },
    times: 9,
  });
  const { username, password } = world.sandbox.info.dtr ?? { username: "", password: "" };
  const { resources, skipped } = await importRegistry({
    type: "dtr",
    connection: { type: "dtr", registry: world.url, username, password },
    kinds: ["PromotionPolicy"],
  });
  expect(resources).toEqual([]);
  expect(skipped).toEqual([
    {
      what: "PromotionPolicy org/app/promotion-to-org/web",
      why: "the first `pulumi up` would change it, because no program can leave as it is: tagTemplate",
    },
  ]);
});

describe("one object with a name that no program could have", () => {
  it("does not end the import of a RegistryUI", async () => {
    const sandbox = await startSandbox({ apis: ["registryui"] });
    open = sandbox;
    for (const path of ["team/app", "Team/App", "team/a b"]) sandbox.registryui?.state.addProject(path);
    const { url, username, token } = sandbox.info.registryui ?? { url: "", username: "", token: "" };
    const { resources, skipped } = await importRegistry({
      type: "registryui",
      connection: { type: "registryui", registry: url, username, token },
    });
    expect(resources.map(({ id }) => id)).toEqual(["team/app"]);
    expect(skipped).toEqual([
      { what: "Project Team/App", why: expect.stringMatching(/no program could declare it as it is: .*upper-case/) },
      { what: "Project team/a b", why: expect.stringMatching(/no program could declare it as it is: .*not allowed/) },
    ]);
  });

  it("does not end the import of a DTR", async () => {
    const odd = { password: "a-password" };
    const world = await startWorld({
      accounts: { joe: odd, "a b": odd, "x\\y": odd, "100%": odd, "jané@example.com": odd },
      organizations: {
        org: {
          members: { joe: "member", "a b": "member", "100%": "member" },
          teams: { devs: { members: ["joe", "a b", "x\\y"] }, "x y": { members: ["joe"], access: "admin" } },
        },
      },
      repositories: { "org/app": { grants: { "x y": "admin", devs: "admin" } } },
    });
    open = world;
    const { username, password } = world.sandbox.info.dtr ?? { username: "", password: "" };
    const { resources, skipped } = await importRegistry({
      type: "dtr",
      connection: { type: "dtr", registry: world.url, username, password },
      kinds: [
        "User",
        "Organization",
        "OrganizationMember",
        "Team",
        "TeamMember",
        "NamespaceTeamAccess",
        "Repository",
        "RepositoryTeamAccess",
      ],
    });
    expect(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)).toEqual([
      "User jané-example.com",
      "User joe",
      "Organization org",
      "OrganizationMember org/joe",
      "Team org/devs",
      "TeamMember org/devs/joe",
      "Repository org/app",
      "RepositoryTeamAccess org/app/devs",
    ]);
    const reasons = new Set(skipped.filter(({ what }) => what !== "User admin").map(({ why }) => why.replace(/:.*/s, "")));
    expect([...reasons]).toEqual(["no program could declare it as it is"]);
  });
});
