import type { OneResource } from "../engine";
import { declare, refreshed } from "./lifecycle-of";
import { type Collection, failure, keptIn, mirrors, PASSWORD, remote, startPolicies } from "./policy-kinds";
import type { World } from "./world";

let world: World;
afterEach(() => world.close());
const start = async (type: string, options: Parameters<typeof startPolicies>[0] = {}): Promise<OneResource> => {
  world = await startPolicies(options);
  return world.one(type);
};
const kept = (collection: Collection, repository?: string) => keptIn(world, collection, repository);

describe.each(mirrors)("credentials of $type", ({ type, collection, inputs }) => {
  it("are sent when they change, and in no other update", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    expect(kept(collection)).toMatchObject([{ password: PASSWORD, authToken: "" }]);
    const rotated = await declare(resource, { ...inputs, password: "second-password" }, state);
    expect(kept(collection)).toMatchObject([{ password: "second-password", authToken: "", username: "robot" }]);
    const after = await refreshed(resource, rotated);
    expect((await resource.up({ ...inputs, password: "second-password" }, after)).step).toBe("same");
    const { password: _, ...rest } = { ...remote, ...inputs };
    await declare(resource, { ...rest, authToken: "a-token" }, after);
    expect(kept(collection)).toMatchObject([{ authToken: "a-token", username: "robot" }]);
  });

  it("are a password or a token, not both", async () => {
    const resource = await start(type);
    expect(await resource.failures({ ...inputs, authToken: "a-token" })).toEqual([
      { property: "", reason: "authToken stands in place of username and password: leave it or password out" },
    ]);
    expect(await resource.failures({ ...inputs, authToken: "" })).toEqual([]);
  });

  it("are no longer managed when the program leaves them out", async () => {
    const resource = await start(type);
    const state = await declare(resource, inputs);
    const { username: _u, password: _p, ...bare } = { ...remote, ...inputs };
    world.forget();
    const left = await declare(resource, bare, state);
    expect(world.writes()).toEqual([]);
    expect(kept(collection)).toMatchObject([{ username: "robot", password: PASSWORD }]);
    expect((await resource.up(bare, await refreshed(resource, left))).step).toBe("same");
  });

  it("that the other registry refuses are one clear error without them", async () => {
    const resource = await start(type, { mirrorLogin: "checked" });
    const said = await failure(resource.up({ ...inputs, remoteHost: world.url, remoteRepository: "team/other" }));
    expect(said).toMatch(/REMOTE_REGISTRY_INVALID_PERMISSIONS.*The other registry refuses this login/);
    expect(said).not.toContain(PASSWORD);
    expect(kept(collection)).toEqual([]);
    const good = { ...inputs, remoteHost: world.url, remoteRepository: "team/other", ...world.dtr.credentials };
    expect((await resource.up(good)).step).toBe("create");
  });

  it("that a server repeats in its error are masked", async () => {
    const resource = await start(type);
    const body = JSON.stringify({ errors: [{ code: "REMOTE_REGISTRY_INVALID_PERMISSIONS", message: `login robot:${PASSWORD} failed` }] });
    world.sandbox.control.inject({ api: "dtr", method: "POST", path: collection, fault: { kind: "status", status: 400, body } });
    const said = await failure(resource.up(inputs));
    expect(said).toMatch(/login robot:\*\*\* failed/);
    expect(said).not.toContain(PASSWORD);
  });

  it.each([
    ["https://other.example.com", "other.example.com/"],
    ["other.example.com", "https://other.example.com"],
  ])("a host that is written in another way is no drift: %s", async (declared, written) => {
    const resource = await start(type);
    const state = await declare(resource, { ...inputs, remoteHost: declared });
    Object.assign(kept(collection)[0] ?? {}, { remoteHost: written });
    world.forget();
    expect((await resource.up({ ...inputs, remoteHost: declared }, await refreshed(resource, state))).step).toBe("same");
    expect(world.writes()).toEqual([]);
  });

  it("have no place in the address", async () => {
    const resource = await start(type);
    const failures = await resource.failures({ ...inputs, remoteHost: `https://robot:${PASSWORD}@other.example.com` });
    // Pulumi prints the value of the property that a failure names.
    expect(failures).toMatchObject([{ property: "", reason: expect.stringContaining("give them as username and password") }]);
    expect(JSON.stringify(failures)).not.toContain(PASSWORD);
  });

  it.each(["", "two words", "ftp://other.example.com", "https://", "other.example.com:port"])(
    "go to no host that is none: %j",
    async (remoteHost) => {
      const resource = await start(type);
      expect(await resource.failures({ ...inputs, remoteHost })).toEqual([
        { property: "remoteHost", reason: "must be an address such as https://registry.example.com" },
      ]);
    },
  );

  it.each(["other.example.com", "other.example.com:5000", "http://other.example.com/", "https://[::1]:5000"])(
    "go to %s",
    async (remoteHost) => {
      const resource = await start(type);
      expect(await resource.failures({ ...inputs, remoteHost })).toEqual([]);
    },
  );

  it("a certificate authority is managed where it is declared", async () => {
    const resource = await start(type);
    const declared = { ...inputs, remoteCa: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" };
    const state = await declare(resource, declared);
    Object.assign(kept(collection)[0] ?? {}, { remoteCA: "" });
    expect((await resource.up(declared, await refreshed(resource, state))).step).toBe("update");
    expect(kept(collection)).toMatchObject([{ remoteCA: declared.remoteCa }]);
  });
});
