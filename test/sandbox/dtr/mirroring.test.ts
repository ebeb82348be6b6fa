import { type Sandbox, standingClock, startSandbox } from "..";
import { image, index, push } from "../images";
import { basic, fields, items, outcome, type Rig, rig } from "./rig";

const rules = [{ field: "tag", operator: "sw", values: ["v"] }];
const account = { username: "owner", password: "owner-password" };
const remote = { remoteHost: "http://dtr.test", remoteRepository: "team/open", remoteCA: "", skipTLSVerification: true, ...account };
const push_ = "repositories/team/app/pushMirroringPolicies";
const poll = "repositories/team/app/pollMirroringPolicies";
const multi = index([image({ layers: ["x"] }), image({ platform: { os: "linux", architecture: "arm64" } })]);

const tags = ({ store }: Pick<Rig, "store">, path: string) => Object.fromEntries(store.repository(path)?.tags ?? []);

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  push(world.store, "team/app", ["v1", "dev"], image());
  push(world.store, "team/app", "v2", multi);
  return world;
}

describe("a push mirroring policy", () => {
  it("sends what it is for, and never tells its secrets", async () => {
    const world = filled();
    const answer = await world.call("POST", push_, {
      body: { ...remote, rules, tagTemplate: "%n-copy", enabled: true, authToken: "secret" },
    });
    expect([answer.status, fields(answer)]).toEqual([
      201,
      {
        id: expect.any(String),
        username: "owner",
        localRepository: "team/app",
        remoteHost: "http://dtr.test",
        remoteRepository: "team/open",
        remoteCA: "",
        skipTLSVerification: true,
        enabled: true,
        lastMirroredAt: "0001-01-01T00:00:00Z",
        lastStatus: { code: "", detail: "", timestamp: "0001-01-01T00:00:00Z" },
        rules,
        tagTemplate: "%n-copy",
      },
    ]);
    await world.state.runJobs();
    await world.state.settled();
    expect(tags(world, "team/open")).toEqual({ "v1-copy": image().digest, "v2-copy": multi.digest });
    expect(world.store.repository("team/open")?.manifests.size).toBe(4);
    expect(fields(await world.call("GET", `${push_}/${fields(answer).id}`))).toMatchObject({
      lastMirroredAt: "2026-01-01T00:00:00.000123456Z",
      lastStatus: { code: "SUCCESS" },
    });
  });

  it("sends what is pushed later; the mirror of a mirror comes to an end", async () => {
    const world = rig();
    const body = { ...remote, rules, tagTemplate: "%n", enabled: true };
    await world.call("POST", push_, { body });
    await world.call("POST", "repositories/team/open/pushMirroringPolicies", { body: { ...body, remoteRepository: "team/app" } });
    push(world.store, "stranger/own", "v1", image());
    await world.call("POST", "repositories/stranger/own/tags/v1/promotion", { body: { targetRepository: "team/app", targetTag: "v1" } });
    await world.state.runJobs();
    await world.state.settled();
    expect(tags(world, "team/open")).toEqual({ v1: image().digest });
    expect(world.state.repository("team/open").pushes).toBe(1);
  });

  it("is changed by the keys that are there, and deleted", async () => {
    const world = filled();
    const { id } = fields(
      await world.call("POST", `${push_}?initialEvaluation=false`, { body: { ...remote, rules, tagTemplate: "%n", enabled: true } }),
    );
    const changed = await world.call("PUT", `${push_}/${id}?initialEvaluation=false`, {
      body: { username: "admin", password: "admin-password" },
    });
    expect([changed.status, fields(changed)]).toMatchObject([200, { username: "admin", rules, remoteHost: "http://dtr.test" }]);
    expect(world.state.repository("team/app").pushMirroringPolicies.get(String(id))?.password).toBe("admin-password");
    await world.state.runJobs();
    expect(tags(world, "team/open")).toEqual({});
    expect(items(await world.call("GET", push_))).toHaveLength(1);
    for (const _time of [1, 2]) expect(outcome(await world.call("DELETE", `${push_}/${id}`))).toBe("204");
    for (const method of ["GET", "PUT"]) {
      expect(outcome(await world.call(method, `${push_}/${id}`, { body: {} }))).toBe("404 NO_SUCH_PUSH_MIRRORING_POLICY");
    }
  });

  it.each([
    [{ password: "wrong" }, "400 REMOTE_REGISTRY_INVALID_PERMISSIONS"],
    [{ username: "reader", password: "reader-password" }, "400 REMOTE_REGISTRY_INVALID_PERMISSIONS"],
    [{ remoteHost: "https://registry.example" }, "400 REMOTE_REGISTRY_INVALID_PERMISSIONS"],
    [{ remoteHost: "127.0.0.1:1" }, "400 REMOTE_REGISTRY_INVALID_PERMISSIONS"],
    [{ remoteHost: "" }, "404 INVALID_PUSH_MIRRORING_POLICY"],
    [{ remoteRepository: "" }, "404 INVALID_PUSH_MIRRORING_POLICY"],
    [{ rules: [{ field: "tag", operator: "zzz", values: ["x"] }] }, "404 INVALID_PUSH_MIRRORING_POLICY"],
  ])("%j is %s", async (wrong, expected) => {
    const world = filled();
    expect(outcome(await world.call("POST", push_, { body: { ...remote, rules, tagTemplate: "%n", enabled: true, ...wrong } }))).toBe(
      expected,
    );
    expect(world.state.repository("team/app").pushMirroringPolicies.size).toBe(0);
  });

  it("that fails says so in its status", async () => {
    const world = filled({ mirrorLogin: "unchecked" });
    const { id } = fields(
      await world.call("POST", push_, { body: { ...remote, password: "wrong", rules, tagTemplate: "%n", enabled: true } }),
    );
    await world.state.runJobs();
    await world.state.settled();
    expect(fields(await world.call("GET", `${push_}/${id}`))).toMatchObject({
      lastStatus: { code: "FAILURE", detail: expect.stringContaining("team/open") },
    });
  });
});

describe("a poll mirroring policy", () => {
  it("fetches every tag, once at its creation and with the job poll_mirror", async () => {
    const world = rig();
    push(world.store, "team/open", "v1", image());
    const answer = await world.call("POST", poll, {
      body: { ...remote, enabled: true, rules: [], tagTemplate: "%n", localRepository: "a/b" },
    });
    expect([answer.status, fields(answer).localRepository, Object.keys(fields(answer))]).toEqual([
      201,
      "team/app",
      expect.not.arrayContaining(["password", "rules"]),
    ]);
    await world.state.runJobs();
    await world.state.settled();
    expect(tags(world, "team/app")).toEqual({ v1: image().digest });
    push(world.store, "team/open", "v2", multi);
    await world.call("POST", "jobs", { body: { action: "poll_mirror" } });
    await world.state.runJobs();
    expect(tags(world, "team/app")).toEqual({ v1: image().digest, v2: multi.digest });
    expect(world.state.repository("team/app").pushes).toBe(2);
  });

  it("takes newer images of tags, but not over immutable ones", async () => {
    for (const immutableTags of [false, true]) {
      const world = rig({ repositories: { "team/app": { immutableTags }, "team/open": {} } });
      push(world.store, "team/app", "v1", image());
      push(world.store, "team/open", "v1", multi);
      await world.call("POST", poll, { body: { ...remote, enabled: true } });
      await world.state.runJobs();
      expect(tags(world, "team/app")).toEqual({ v1: immutableTags ? image().digest : multi.digest });
    }
  });

  it("is switched off and on without its secrets", async () => {
    const world = rig();
    const { id } = fields(await world.call("POST", `${poll}?initialEvaluation=false`, { body: { ...remote, enabled: true } }));
    await world.state.runJobs();
    const off = await world.call("PUT", `${poll}/${id}`, { body: { enabled: false } });
    expect([off.status, fields(off)]).toMatchObject([200, { enabled: false, remoteHost: "http://dtr.test", username: "owner" }]);
    expect(outcome(await world.call("PUT", `${poll}/${id}`, { body: { password: "wrong" } }))).toBe(
      "400 REMOTE_REGISTRY_INVALID_PERMISSIONS",
    );
    expect(outcome(await world.call("PUT", `${poll}/${id}`, { body: { remoteHost: "", enabled: true } }))).toBe(
      "404 INVALID_POLL_MIRRORING_POLICY",
    );
    expect(items(await world.call("GET", poll))).toMatchObject([{ id, enabled: false }]);
    for (const _time of [1, 2]) expect(outcome(await world.call("DELETE", `${poll}/${id}`))).toBe("204");
    expect(outcome(await world.call("GET", `${poll}/${id}`))).toBe("404 NO_SUCH_POLL_MIRRORING_POLICY");
  });
});

describe("all mirroring policies of a repository", () => {
  it("are listed together with their types, and deleted by their ids", async () => {
    const world = rig();
    const both = "repositories/team/app/mirroringPolicies";
    const sent = fields(await world.call("POST", push_, { body: { ...remote, rules, tagTemplate: "%n", enabled: false } })).id;
    const fetched = fields(await world.call("POST", poll, { body: { ...remote, enabled: false } })).id;
    expect(items(await world.call("GET", both))).toMatchObject([
      { id: sent, mirroringType: "push", rules },
      { id: fetched, mirroringType: "poll" },
    ]);
    expect(items(await world.call("GET", `${both}?pageSize=1`))).toHaveLength(1);
    expect(outcome(await world.call("DELETE", both, { body: { id: sent } }))).toBe("400 INVALID_JSON");
    expect(outcome(await world.call("DELETE", both, { body: [{ id: sent }, { id: fetched }, { id: "none" }] }))).toBe("204");
    expect(items(await world.call("GET", both))).toEqual([]);
    expect([items(await world.call("GET", push_)), items(await world.call("GET", poll))]).toEqual([[], []]);
  });
});

describe("mirroring one tag", () => {
  const path = "repositories/team/app/tags/v2/pushMirroring";

  it("sends it, and notes where it went", async () => {
    const world = filled();
    const answer = await world.call("POST", path, { body: { ...remote, remoteTag: "copy" } });
    expect([answer.status, fields(answer)]).toEqual([
      201,
      { mirroringPolicyID: "", digest: multi.digest, remoteRepository: "team/open", remoteTag: "copy" },
    ]);
    expect(tags(world, "team/open")).toEqual({ copy: multi.digest });
    const [tag] = items(await world.call("GET", "repositories/team/app/tags/v2"));
    expect(tag).toMatchObject({ mirroring: { remoteRepository: "team/open", remoteTag: "copy" } });
  });

  it.each([
    [path, { remoteTag: "not a tag" }, "400 INVALID_TAG_NAME"],
    [path, { remoteTag: "x", password: "wrong" }, "400 REMOTE_REGISTRY_INVALID_PERMISSIONS"],
    [path, { remoteTag: "x", remoteHost: "registry.example" }, "400 REMOTE_REGISTRY_INVALID_PERMISSIONS"],
    [path, { remoteTag: "x", remoteHost: "" }, "400 INVALID_PARAMETERS"],
    ["repositories/team/app/tags/none/pushMirroring", { remoteTag: "x" }, "404 NO_SUCH_TAG"],
  ])("%s with %j is %s", async (target, wrong, expected) => {
    const world = filled();
    expect(outcome(await world.call("POST", target, { body: { ...remote, ...wrong } }))).toBe(expected);
    expect(tags(world, "team/open")).toEqual({});
  });
});

describe("between two sandboxes", () => {
  const opened: Sandbox[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((sandbox) => sandbox.close())));

  it("images go over HTTP, to and fro", async () => {
    const options = { clock: standingClock(), apis: ["dtr"] as const, dtr: { repositories: { "admin/app": {}, "admin/back": {} } } };
    const [here, there] = [await startSandbox(options), await startSandbox(options)];
    opened.push(here, there);
    if (!here.dtr || !there.dtr || !here.info.dtr || !there.info.dtr) throw new Error("no DTR was started");
    push(here.dtr.store, "admin/app", "v1", multi);
    const target = { ...here.dtr.credentials, remoteHost: there.info.dtr.url, remoteRepository: "admin/app", remoteTag: "copy" };
    const post = (path: string, body: object) =>
      fetch(`${here.info.dtr?.url}/api/v0/repositories/admin/${path}`, {
        method: "POST",
        headers: { authorization: basic("admin", here.dtr?.credentials.password), "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await post("app/tags/v1/pushMirroring", target)).status).toBe(201);
    expect(tags(there.dtr, "admin/app")).toEqual({ copy: multi.digest });
    expect((await post("back/pollMirroringPolicies", { ...target, enabled: true })).status).toBe(201);
    await here.dtr.state.runJobs();
    await here.dtr.state.settled();
    expect(tags(here.dtr, "admin/back")).toEqual({ copy: multi.digest });
    expect(here.dtr.store.repository("admin/back")?.blobs.size).toBe(4);
  });
});
