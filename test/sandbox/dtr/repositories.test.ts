import { image, push } from "../images";
import { fields, items, outcome, rig } from "./rig";

const paths = (answer: Parameters<typeof items>[0]) => items(answer, "repositories").map(({ namespace, name }) => `${namespace}/${name}`);

describe("creating a repository", () => {
  it("answers 201 with every key, of those not given the zero values", async () => {
    const { call, state } = rig();
    const answer = await call("POST", "repositories/team", { body: { name: "web", shortDescription: "short", visibility: "private" } });
    expect(answer.status).toBe(201);
    expect(fields(answer)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      namespace: "team",
      namespaceType: "organization",
      name: "web",
      shortDescription: "short",
      longDescription: "",
      visibility: "private",
      scanOnPush: false,
      immutableTags: false,
      enableManifestLists: false,
      pulls: 0,
      pushes: 0,
      tagLimit: 0,
    });
    expect(state.world.events.at(-1)).toMatchObject({ type: "CREATE", repository: "team/web", actorType: "USER" });
  });

  it.each([
    ["twice", { name: "app" }, "400 REPOSITORY_EXISTS"],
    ["with a bad name", { name: "Web" }, "400 INVALID_REPOSITORY_NAME"],
    ["without a name", {}, "400 INVALID_REPOSITORY_NAME"],
    ["with a name too long", { name: "a".repeat(56) }, "400 INVALID_REPOSITORY_NAME"],
    ["with a bad visibility", { name: "web", visibility: "secret" }, "400 INVALID_REPOSITORY_VISIBILITY"],
    ["with a bad limit", { name: "web", tagLimit: -1 }, "400 INVALID_PARAMETERS"],
    ["with a wrong type", { name: "web", scanOnPush: "yes" }, "400 INVALID_JSON"],
  ])("%s is refused and leaves nothing", async (_how, body, expected) => {
    const { call, state } = rig();
    const before = state.world.repositories.size;
    expect(outcome(await call("POST", "repositories/team", { body }))).toBe(expected);
    expect(state.world.repositories.size).toBe(before);
  });

  it("needs an account, and the right to administer it", async () => {
    const { call } = rig();
    const create = async (namespace: string, user: string) =>
      outcome(await call("POST", `repositories/${namespace}`, { user, body: { name: "web" } }));
    expect(await create("nosuch", "admin")).toBe("404 NO_SUCH_ACCOUNT");
    expect(await create("team", "dev")).toBe("403 NOT_AUTHORIZED");
    expect(await create("stranger", "dev")).toBe("403 NOT_AUTHORIZED");
    expect(await create("team", "ops")).toBe("201");
    expect(await create("stranger", "stranger")).toBe("201");
  });

  it.each(["public", "private"] as const)("without a visibility makes it %s by the switch", async (defaultVisibility) => {
    const answer = await rig({ defaultVisibility }).call("POST", "repositories/team", { body: { name: "web" } });
    expect(fields(answer)).toMatchObject({ visibility: defaultVisibility });
  });
});

describe("changing a repository", () => {
  it("writes every key that is there, zero values too, and nothing else", async () => {
    const { call, state } = rig();
    await call("PATCH", "repositories/team/app", {
      body: { shortDescription: "s", longDescription: "l", tagLimit: 5, scanOnPush: true, immutableTags: true },
    });
    const answer = await call("PATCH", "repositories/team/app", { body: { shortDescription: "", immutableTags: false, name: "other" } });
    expect(fields(answer)).toMatchObject({
      name: "app",
      shortDescription: "",
      longDescription: "l",
      tagLimit: 5,
      scanOnPush: true,
      immutableTags: false,
    });
    expect(state.world.events.at(-1)).toMatchObject({ type: "UPDATE", object: { type: "REPOSITORY" } });
  });

  it("refuses a visibility that there is not, and then writes nothing", async () => {
    const { call } = rig();
    const answer = await call("PATCH", "repositories/team/app", { body: { immutableTags: true, visibility: "secret" } });
    expect(outcome(answer)).toBe("400 INVALID_REPOSITORY_VISIBILITY");
    expect(fields(await call("GET", "repositories/team/app"))).toMatchObject({ immutableTags: false, visibility: "private" });
  });

  it("toggles scanning on push everywhere", async () => {
    const { call } = rig();
    expect(await call("POST", "repositories/scan/toggle", { body: { scanOnPush: true } })).toEqual({ status: 200 });
    expect(items(await call("GET", "repositories"), "repositories").map(({ scanOnPush }) => scanOnPush)).toEqual([true, true, true]);
    expect(outcome(await call("POST", "repositories/scan/toggle", { body: {} }))).toBe("400 INVALID_JSON");
    expect(outcome(await call("POST", "repositories/scan/toggle", { user: "owner", body: { scanOnPush: true } }))).toBe(
      "403 NOT_AUTHORIZED",
    );
  });
});

describe("deleting a repository", () => {
  it("takes its images, its policies and its grants, and answers 204 again and again", async () => {
    const { call, store } = rig();
    push(store, "team/app", "v1", image());
    for (const _time of [1, 2]) expect(outcome(await call("DELETE", "repositories/team/app"))).toBe("204");
    expect(store.repository("team/app")).toBeUndefined();
    expect(outcome(await call("GET", "repositories/team/app"))).toBe("404 NO_SUCH_REPOSITORY");
  });

  it("is 404 for what is not there by the switch deleteAbsent", async () => {
    expect(outcome(await rig({ deleteAbsent: "404" }).call("DELETE", "repositories/team/none"))).toBe("404 NO_SUCH_REPOSITORY");
  });

  it("is refused as long as a tag is signed", async () => {
    const { call, store, state } = rig();
    push(store, "team/app", "v1", image());
    state.sign("team/app", "v1");
    expect(outcome(await call("DELETE", "repositories/team/app"))).toBe("405 REPOSITORY_CONTAINS_TAGS_IN_NOTARY");
    expect(store.repository("team/app")?.tags.has("v1")).toBe(true);
    state.unsign("team/app", "v1");
    expect(outcome(await call("DELETE", "repositories/team/app"))).toBe("204");
  });
});

describe("lists of repositories", () => {
  it.each([
    ["admin", ["stranger/own", "team/app", "team/open"]],
    ["owner", ["team/app", "team/open"]],
    ["ops", ["team/app", "team/open"]],
    ["reader", ["team/app", "team/open"]],
    ["member", ["team/open"]],
    ["stranger", ["stranger/own", "team/open"]],
    [null, ["team/open"]],
  ])("show %s what he may see", async (user, expected) => {
    expect(paths(await rig().call("GET", "repositories", { user }))).toEqual(expected);
  });

  it("are of one namespace, 404 for one that is not there", async () => {
    const { call } = rig();
    expect(paths(await call("GET", "repositories/team"))).toEqual(["team/app", "team/open"]);
    expect(paths(await call("GET", "repositories/team/", { user: "member" }))).toEqual(["team/open"]);
    expect(outcome(await call("GET", "repositories/nosuch"))).toBe("404 NO_SUCH_ACCOUNT");
  });

  it("leave out the long description, by switches the tag limit too, or leave out nothing", async () => {
    const keys = async (options: Parameters<typeof rig>[0]) => {
      const [first] = items(await rig(options).call("GET", "repositories"), "repositories");
      return ["longDescription", "tagLimit"].filter((key) => key in (first ?? {}));
    };
    expect(await keys({})).toEqual(["tagLimit"]);
    expect(await keys({ tagLimits: "absent" })).toEqual([]);
    expect(await keys({ listedDescriptions: "present" })).toEqual(["longDescription", "tagLimit"]);
  });
});
