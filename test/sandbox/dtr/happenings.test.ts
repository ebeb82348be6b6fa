import { image, push } from "../images";
import type { Happening } from "./hooks";
import { type Rig, rig } from "./rig";

const remote = { remoteHost: "http://dtr.test", remoteRepository: "team/open", username: "owner", password: "owner-password" };

/** What webhooks would be sent for, in its order. */
function heard({ state }: Rig): readonly Happening[] {
  const happenings: Happening[] = [];
  state.world.hooks.on((happening) => void happenings.push(happening));
  return happenings;
}

describe("what happens", () => {
  it("to a tag is told with the contents that the documents show", async () => {
    const world = rig();
    push(world.store, "team/app", "v1", image());
    const happenings = heard(world);
    await world.call("DELETE", "repositories/team/app/tags/v1", { user: "dev" });
    await world.state.settled();
    expect(happenings).toEqual([
      {
        type: "TAG_DELETE",
        key: "team/app",
        createdAt: new Date("2026-01-01T00:00:00Z"),
        location: "/repositories/team/app/tags/v1",
        contents: {
          namespace: "team",
          repository: "app",
          tag: "v1",
          digest: image().digest,
          imageName: "team/app:v1",
          os: "linux",
          architecture: "amd64",
          author: "dev",
          deletedAt: "2026-01-01T00:00:00.000123456Z",
        },
      },
    ]);
  });

  it("by a promotion and a mirror is told of both sides", async () => {
    const world = rig();
    push(world.store, "team/app", "v1", image());
    const happenings = heard(world);
    await world.call("POST", "repositories/team/app/tags/v1/promotion", { body: { targetRepository: "stranger/own", targetTag: "v1" } });
    await world.call("POST", "repositories/team/app/tags/v1/pushMirroring", { body: { ...remote, remoteTag: "v1" } });
    await world.state.settled();
    const seen = happenings.filter(({ type }) => !type.startsWith("MANIFEST")).map(({ type, key }) => `${type} ${key}`);
    expect(seen).toEqual(["PROMOTION stranger/own", "TAG_PUSH stranger/own", "TAG_PUSH team/open", "PUSH_MIRRORING team/app"]);
    expect(happenings[0]?.contents).toMatchObject({ sourceRepository: "team/app", sourceTag: "v1", pushedAt: expect.any(String) });
  });

  it("to a repository is told its namespace", async () => {
    const world = rig();
    const happenings = heard(world);
    await world.call("POST", "repositories/team", { user: "owner", body: { name: "web" } });
    await world.call("PATCH", "repositories/team/web", { body: { tagLimit: 3 } });
    await world.call("DELETE", "repositories/team/web");
    await world.state.settled();
    expect(happenings.map(({ key, contents }) => [key, contents.event, contents.author])).toEqual([
      ["team", "REPO_CREATED", "owner"],
      ["team", "REPO_UPDATED", "admin"],
      ["team", "REPO_DELETED", "admin"],
    ]);
  });

  it("to policies is an event", async () => {
    const world = rig();
    const { json } = await world.call("POST", "repositories/team/app/pruningPolicies", { body: { enabled: false, rules: [] } });
    const { id } = json as { id: string }; // the policy
    await world.call("DELETE", `repositories/team/app/pruningPolicies/${id}`);
    expect(world.state.world.events).toMatchObject([
      { type: "CREATE", object: { id, type: "POLICY" }, repository: "team/app" },
      { type: "DELETE", object: { id, type: "POLICY" }, repository: "team/app" },
    ]);
  });
});
