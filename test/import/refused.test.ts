import { RegistryError } from "../../provider/http";
import { importRegistry } from "../../provider/import";
import { startWorld, type World } from "../resources/dtr/world";

const joe = { username: "joe", password: "joes-password" };
let world: World;
beforeEach(async () => {
  world = await startWorld({
    accounts: { joe, jane: { password: "jane-password" } },
    organizations: { org: { members: { joe: "member" }, teams: { devs: { members: ["joe"] } } } },
    repositories: { "org/app": { visibility: "public" }, "org/hidden": { visibility: "private" } },
  });
});
afterEach(() => world.close());

const as = (user: { readonly username: string; readonly password: string }) => ({
  type: "dtr" as const,
  connection: { type: "dtr" as const, registry: world.url, ...user },
});

describe("what the user may not read", () => {
  it("is left out with the reason, and everything else is there", async () => {
    const { resources, skipped } = await importRegistry(as(joe));
    expect(resources.map(({ type, id }) => `${type.split(":").at(-1)} ${id}`)).toEqual(expect.arrayContaining(["Repository org/app"]));
    expect(resources.map(({ id }) => id)).not.toContain("org/hidden");
    expect(skipped.length).toBeGreaterThan(0);
    for (const { what, why } of skipped) {
      expect(what).not.toBe("");
      expect(why).toMatch(/may not read|only an administrator|logs in as this user|may see|does not have it/);
    }
    expect(skipped.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["schedules", "workers", "PruningPolicy of org/app", "User joe"]),
    );
    expect(JSON.stringify(skipped)).not.toContain(joe.password);
    expect(world.writes()).toEqual([]);
  });

  it("includes webhooks of everything where only an administrator may list them; those of each place are found all the same", async () => {
    await world.api("POST", "/api/v0/webhooks", { key: "org/app", type: "TAG_PUSH", endpoint: "https://ci.example.com/hook" });
    await world.api("PUT", "/api/v0/repositories/org/app/teamAccess/devs", { accessLevel: "admin" });
    const body = JSON.stringify({ errors: [{ code: "NOT_AUTHORIZED", message: "no" }] });
    world.sandbox.control.inject({ api: "dtr", path: "/api/v0/webhooks", fault: { kind: "status", status: 401, body }, times: 9 });
    const { resources, skipped } = await importRegistry({ ...as(joe), kinds: ["webhook"] });
    expect(resources.map(({ name }) => name)).toEqual(["org/app/tag-push"]);
    expect(skipped.map(({ what }) => what)).toContain("Webhook for everything");
  });

  it("is everything with a wrong password: that is an error, and no empty file", async () => {
    const wrong = importRegistry(as({ username: "joe", password: "wrong-password" }));
    await expect(wrong).rejects.toThrow(RegistryError);
    await expect(wrong).rejects.toThrow(/401/);
    await expect(wrong).rejects.not.toThrow(/wrong-password/);
  });
});

describe("an import that cannot end", () => {
  it("says why a kind or a glob is none", async () => {
    const { username, password } = { username: "joe", password: "joes-password" };
    await expect(importRegistry({ ...as({ username, password }), kinds: ["Scan"] })).rejects.toThrow(
      /kinds: dtr has no Scan to import; there are ContentCache, /,
    );
    await expect(importRegistry({ ...as({ username, password }), include: ["a[b"] })).rejects.toThrow(/include/);
    await expect(importRegistry({ ...as({ username, password }), type: "oci" })).rejects.toThrow(/the type is oci/);
    expect(world.requests()).toEqual([]);
  });

  it("gives up with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const running = importRegistry({
      ...as(joe),
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
  });

  it("is an error where the server breaks down", async () => {
    world.sandbox.control.inject({
      api: "dtr",
      path: "/api/v0/repositories/org/app",
      method: "GET",
      fault: { kind: "status", status: 500 },
      times: 100,
    });
    const http = { retry: { attempts: 1 } };
    await expect(importRegistry({ ...as(joe), open: { http } })).rejects.toThrow(/500/);
  });
});
