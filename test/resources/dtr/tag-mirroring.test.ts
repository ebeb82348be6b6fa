import { image, push } from "../../sandbox/images";
import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { startWorld, type World } from "./world";

const TYPE = "dtr:TagMirroring";
let world: World;
const start = async (options: Parameters<typeof startWorld>[0] = {}): Promise<OneResource> => {
  world = await startWorld({ organizations: { team: {}, them: {} }, repositories: { "team/app": {}, "them/copy": {} }, ...options });
  pushTag("first");
  return world.one(TYPE);
};
afterEach(() => world.close());

const pushTag = (label: string) => push(world.dtr.store, "team/app", "v1", image({ labels: { label } }));
const digest = (path: string, tag: string) => world.dtr.store.repository(path)?.tags.get(tag);
/** The other registry is the same one, over /v2. */
const inputs = () => ({
  ...{ namespace: "team", repository: "app", tag: "v1" },
  ...{ remoteHost: world.url, remoteRepository: "them/copy", remoteTag: "copied", ...world.dtr.credentials },
});
const mirrorings = () => world.writes().filter((line) => line.endsWith("/pushMirroring")).length;
const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );

describe("dtr.TagMirroring", () => {
  it("pushes when it is made; stays and refreshes without a request; destroying leaves the copy", async () => {
    const resource = await start();
    const state = await declare(resource, inputs());
    expect(digest("them/copy", "copied")).toBe(digest("team/app", "v1"));
    expect(state).toMatchObject({
      id: `team/app:v1 -> ${world.url}/them/copy:copied`,
      outputs: { mirroredAt: expect.stringMatching(/^2026-03-01T/), digest: digest("team/app", "v1") },
    });
    world.forget();
    pushTag("second");
    expect((await resource.up(inputs(), await refreshed(resource, state))).step).toBe("same");
    await resource.destroy(state);
    expect(world.requests()).toEqual([]);
    expect(digest("them/copy", "copied")).toBe(state.outputs.digest);
  });

  it("is not read by `.get`: there is nothing to read", async () => {
    const resource = await start();
    await expect(resource.get("team/app:v1 -> https://x/a/b:v1")).rejects.toThrow(
      "cannot be read by .get: the server keeps no such object",
    );
  });

  it.each([
    { what: "a trigger", changed: { triggers: { build: "2" } }, step: "update" },
    { what: "skipTlsVerification", changed: { skipTlsVerification: true }, step: "update" },
    { what: "the tag there", changed: { remoteTag: "other" }, step: "replace" },
  ])("pushes again when this changes: $what", async ({ changed, step }) => {
    const resource = await start();
    const state = await declare(resource, inputs());
    pushTag("second");
    expect((await resource.up({ ...inputs(), ...changed }, state)).step).toBe(step);
    expect(digest("them/copy", changed.remoteTag ?? "copied")).toBe(digest("team/app", "v1"));
    expect(mirrorings()).toBe(2);
  });

  it.each([
    { fault: "reset-after", sent: 1 },
    { fault: "broken-json", sent: 1 },
    { fault: "reset-before", sent: 2 },
  ] as const)("is sent once when the answer is lost: $fault", async ({ fault, sent }) => {
    const resource = await start();
    // What the server notes with a tag, it notes for those that were pushed through it.
    world.dtr.state.repository("team/app").notes.set("v1", { author: "", createdAt: new Date() });
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/pushMirroring$", fault });
    const state = await declare(resource, inputs());
    expect(mirrorings()).toBe(sent);
    expect(state.outputs.digest).toBe(digest("team/app", "v1"));
  });

  it("credentials that the other registry refuses are one clear error without them", async () => {
    const resource = await start();
    const said = await failure(resource.up({ ...inputs(), password: "a-wrong-password" }));
    expect(said).toMatch(/REMOTE_REGISTRY_INVALID_PERMISSIONS/);
    expect(said).not.toContain("a-wrong-password");
    const body = JSON.stringify({ errors: [{ code: "X", message: "a-wrong-password is wrong" }] });
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/pushMirroring$", fault: { kind: "status", status: 400, body } });
    expect(await failure(resource.up({ ...inputs(), password: "a-wrong-password" }))).not.toContain("a-wrong-password");
  });

  it("needs the tag and rights, but no right to see jobs, and cannot be adopted", async () => {
    const teams = { devs: { members: ["dev"], access: "read-write" as const } };
    const resource = await start({ accounts: { dev: { password: "dev-password" } }, organizations: { team: { teams }, them: {} } });
    expect(await failure(resource.up({ ...inputs(), tag: "none" }))).toMatch(/there is no tag team\/app:none/);
    const dev = world.one(TYPE, "org/project/dev/dev", { username: "dev", password: "dev-password" });
    expect((await dev.up(inputs())).step).toBe("create");
    expect(await resource.failures({ ...inputs(), adopt: true })).toMatchObject([{ property: "adopt" }]);
  });

  describe("where the server does it as a job", () => {
    /** Such a server lists a job of the tag once it was asked. */
    const asJob = (failing?: string) => {
      if (failing) world.dtr.state.failNext("push_mirror_tag", failing);
      const body = JSON.stringify({ digest: "sha256:abc", mirroringPolicyID: "", remoteRepository: "them/copy", remoteTag: "copied" });
      world.sandbox.control.inject({ api: "dtr", method: "POST", path: "/pushMirroring$", fault: { kind: "status", status: 201, body } });
      const submit = () =>
        world.api("POST", "/api/v0/jobs", { action: "push_mirror_tag", parameters: { repository: "team/app", tag: "v1" } });
      const asked = () => world.writes().some((line) => line.endsWith("/pushMirroring"));
      return { submit, asked };
    };
    const upWithJob = async (resource: OneResource, failing?: string) => {
      const { submit, asked } = asJob(failing);
      // The look for new jobs waits until the job is there.
      world.sandbox.control.inject({ api: "dtr", method: "GET", path: "/jobs$", skip: 1, fault: { kind: "delay", ms: 100 } });
      const run = resource.up(inputs()).catch((error: Error) => error.message);
      while (!asked()) await new Promise((resolve) => setTimeout(resolve, 1));
      await submit();
      return run;
    };

    it("its end is waited for", async () => {
      const resource = await start({ jobPolls: 4 });
      expect(await upWithJob(resource)).toMatchObject({ step: "create", state: { outputs: { digest: "sha256:abc" } } });
      expect(world.dtr.state.jobs).toMatchObject([{ action: "push_mirror_tag", phase: "done" }]);
    });

    it("its log is shown without the credentials that it tells", async () => {
      const resource = await start();
      const said = await upWithJob(resource, `login with ${world.dtr.credentials.password} failed`);
      expect(said).toMatch(/login with \*\*\* failed/);
      expect(said).not.toContain(world.dtr.credentials.password);
    });

    it("is not mistaken for another's whose names begin alike", async () => {
      const resource = await start();
      await world.api("POST", "/api/v0/repositories/team", { name: "app-web", visibility: "private" });
      const { asked } = asJob("not ours");
      world.sandbox.control.inject({ api: "dtr", method: "GET", path: "/jobs$", skip: 1, fault: { kind: "delay", ms: 100 } });
      const run = resource.up(inputs());
      while (!asked()) await new Promise((resolve) => setTimeout(resolve, 1));
      await world.api("POST", "/api/v0/jobs", { action: "push_mirror_tag", parameters: { repository: "team/app-web", tag: "v10" } });
      expect((await run).step).toBe("create");
    });

    it("its failure is an error with its log", async () => {
      const resource = await start();
      expect(await upWithJob(resource, "the other side hung up")).toMatch(/ended in status errored[\s\S]*the other side hung up/);
    });
  });
});
