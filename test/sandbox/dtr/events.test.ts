import { items, outcome, type Rig, rig } from "./rig";

/** Events a second apart: a push and a pull of team/app, and the creation of team/open. */
function eventful(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  const { record, accounts } = world.state.world;
  const actor = [...accounts.values()].find(({ name }) => name === "dev")?.id ?? "";
  record({ actor, type: "CREATE", object: { id: "1", type: "TAG", name: "v1" }, repository: "team/app" });
  world.clock.advance(1_000);
  record({ actor, type: "GET", object: { id: "1", type: "TAG", name: "v1" }, repository: "team/app" });
  world.clock.advance(1_000);
  record({ actor: "", type: "CREATE", object: { id: "2", type: "REPOSITORY" }, repository: "team/open", target: { id: "3", type: "TAG" } });
  return world;
}

const seen = async ({ call }: Rig, target: string, user = "admin") =>
  items(await call("GET", target, { user }), "events").map(({ type, repository }) => `${type} ${repository}`);

describe("events", () => {
  it("come the newest first, with all their fields", async () => {
    const world = eventful();
    const [newest, pull] = items(await world.call("GET", "events"), "events");
    expect(newest).toEqual({
      id: expect.any(String),
      publishedAt: "2026-01-01T00:00:02.000123456Z",
      actor: "",
      actorType: "SYSTEM",
      type: "CREATE",
      object: { id: "2", type: "REPOSITORY" },
      repository: "team/open",
      target: { id: "3", type: "TAG" },
    });
    expect(pull).toMatchObject({ type: "GET", actorType: "USER", object: { id: "1", type: "TAG", name: "v1" } });
    expect(await seen(world, "events")).toEqual(["CREATE team/open", "GET team/app", "CREATE team/app"]);
    expect(await seen(world, "repositories/team/app/events")).toEqual(["GET team/app", "CREATE team/app"]);
  });

  it.each([
    ["publishedAfter=2026-01-01T00:00:00Z", ["CREATE team/open", "GET team/app"]],
    ["publishedBefore=2026-01-01T00:00:01Z", ["CREATE team/app"]],
    ["eventType=CREATE", ["CREATE team/open", "CREATE team/app"]],
    ["actorId=00000000-0000-4000-8000-000000000000", []],
    // 2.6 does not know it, and ignores what it does not know.
    ["objectType=TAG", ["CREATE team/open", "GET team/app", "CREATE team/app"]],
  ])("are filtered by %s", async (query, expected) => {
    expect(await seen(eventful(), `events?${query}`)).toEqual(expected);
  });

  it("are filtered by who did it, and in 2.7 by what it was done to", async () => {
    const world = eventful({ version: "2.7" });
    const actor = items(await world.call("GET", "events"), "events")[1]?.actor;
    expect(await seen(world, `events?actorId=${actor}`)).toEqual(["GET team/app", "CREATE team/app"]);
    expect(await seen(world, "events?objectType=REPOSITORY")).toEqual(["CREATE team/open"]);
  });

  it("of a repository hide pulls from whoever is not its administrator, and from him who does not want them", async () => {
    const world = eventful();
    const path = "repositories/team/app/events";
    expect(await seen(world, path, "owner")).toEqual(["GET team/app", "CREATE team/app"]);
    expect(await seen(world, `${path}?excludePull=true`, "owner")).toEqual(["CREATE team/app"]);
    expect(await seen(world, path, "reader")).toEqual(["CREATE team/app"]);
  });

  it.each(["events", "repositories/team/app/events"])("come in pages: %s", async (path) => {
    const world = eventful();
    const first = await world.call("GET", `${path}?pageSize=1&count=true`);
    expect([items(first, "events").length, Number(first.headers?.["x-resource-count"])]).toEqual([1, path === "events" ? 3 : 2]);
    const rest = await world.call("GET", `${path}?pageStart=${first.headers?.["x-next-page-start"]}`);
    expect(rest.headers?.["x-next-page-start"]).toBeUndefined();
    expect([...items(first, "events"), ...items(rest, "events")]).toEqual(items(await world.call("GET", path), "events"));
  });

  it.each(["publishedBefore=now", "publishedAfter=2026-13-01", "actorId=dev", "pageSize=x"])("are refused for %s", async (query) => {
    const { call } = rig();
    expect(outcome(await call("GET", `events?${query}`))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("GET", `repositories/team/app/events?${query}`))).toBe("400 INVALID_PARAMETERS");
  });

  it("are for administrators, those of a repository for whoever may see it", async () => {
    const { call } = rig();
    expect(outcome(await call("GET", "events", { user: "owner" }))).toBe("403 NOT_AUTHORIZED");
    expect(outcome(await call("GET", "events", { user: null }))).toBe("401 NOT_AUTHENTICATED");
    expect(outcome(await call("GET", "repositories/team/app/events", { user: "stranger" }))).toBe("404 NO_SUCH_REPOSITORY");
    expect(outcome(await call("GET", "repositories/team/none/events"))).toBe("404 NO_SUCH_REPOSITORY");
  });
});
