import type { Sandbox } from "../../sandbox";
import { artifact, image, index, push } from "../../sandbox/images";
import type { SelectelSwitches } from "../../sandbox/selectel";
import { hour, onSandbox } from "./images-rig";

const many = index([image({ layers: ["amd"] }), image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } })]);
const selectel: Partial<SelectelSwitches> = { layersShape: "array" };
const fill = ({ store }: Sandbox) => push(store, "team/app", "v1", many);
const all = { created: new Set<string>(), referrers: true };
const path = "/v2/tokens";

describe("the token for the registry host", () => {
  it("may only read, only this registry, and only for an hour", async () => {
    await onSandbox({ selectel }, fill, async ({ client, images, clock, registry }) => {
      await registry("other");
      const start = clock.now();
      await images.inventory("team/app");
      const [token, ...more] = await Array.fromAsync(client.v2.tokens.list());
      expect(more).toEqual([]);
      const [team] = await Array.fromAsync(client.v1.registries.list({ search: "team" }));
      expect(token).toMatchObject({
        name: "registry-as-code-cleanup-nonce1",
        expiration: { isSet: true, expiresAt: new Date(start + hour).toISOString() },
        scope: { modeRW: false, allRegistries: false, registryIds: [team?.id] },
        status: "active",
      });
    });
  });

  it("is minted once for each registry, however much is read at the same time", async () => {
    await onSandbox({ selectel }, fill, async ({ images, sandbox, registry, tokens, asked }) => {
      await registry("other");
      for (const name of ["team/a", "team/b", "other/c", "other/d"]) push(sandbox.store, name, ["v1", "v2"], many);
      await Promise.all(["team/a", "team/b", "other/c", "other/d"].map((name) => images.inventory(name)));
      expect(await tokens()).toHaveLength(2);
      await images.close();
      expect(await tokens()).toEqual([]);
      expect(asked().filter((line) => line.startsWith("POST tokens/*/revoke") || line.startsWith("POST tokens/"))).toHaveLength(2);
    });
  });

  it("is revoked and deleted at the end, also after failures", async () => {
    await onSandbox({ selectel }, fill, async ({ images, sandbox, tokens, asked, lines }) => {
      sandbox.control.inject({ api: "selectel-registry", path: "/manifests/", times: 99, fault: { kind: "status", status: 500 } });
      await expect(images.inventory("team/app")).rejects.toThrow();
      expect(await tokens()).toHaveLength(1);
      await images.close();
      await images.close();
      expect(await tokens()).toEqual([]);
      expect(asked().filter((line) => line.startsWith("DELETE tokens"))).toHaveLength(1);
      expect(lines).toEqual([]);
    });
  });

  it("is revoked although the run was interrupted", async () => {
    await onSandbox({ selectel }, fill, async ({ images, tokens }) => {
      const interruption = new AbortController();
      await images.inventory("team/app", interruption.signal);
      interruption.abort(new Error("SIGTERM"));
      await images.close();
      expect(await tokens()).toEqual([]);
    });
  });

  it("is not left behind when the answer to its creation is lost", async () => {
    await onSandbox({ selectel }, fill, async ({ images, sandbox, tokens }) => {
      sandbox.control.inject({ api: "selectel", method: "POST", path: `${path}$`, fault: "reset-after" });
      expect((await images.inventory("team/app")).tags.size).toBe(1);
      expect(await tokens()).toHaveLength(1);
      await images.close();
      expect(await tokens()).toEqual([]);
    });
  });

  it("is looked for by its name when nobody learned whether it was created", async () => {
    await onSandbox({ selectel }, fill, async ({ images, sandbox, tokens }) => {
      sandbox.control.inject({ api: "selectel", method: "POST", path: `${path}$`, fault: "reset-after" });
      // The list that is read before the creation passes; those that look for its effect fail.
      sandbox.control.inject({
        api: "selectel",
        method: "GET",
        path: `${path}$`,
        skip: 1,
        times: 30,
        fault: { kind: "status", status: 500 },
      });
      await expect(images.inventory("team/app")).rejects.toThrow();
      sandbox.control.clearFaults();
      expect(await tokens()).toHaveLength(1);
      await images.close();
      expect(await tokens()).toEqual([]);
    });
  });

  it("that cannot be revoked is said in the log, with its end and without its secret", async () => {
    await onSandbox({ selectel }, fill, async ({ images, sandbox, lines, clock }) => {
      const end = new Date(clock.now() + hour).toISOString();
      await images.inventory("team/app");
      sandbox.control.inject({ api: "selectel", path: `${path}/`, times: 99, fault: { kind: "status", status: 500 } });
      await images.close();
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(
        /^Warning: the token "registry-as-code-cleanup-nonce1" for the registry team could not be revoked and deleted: .*500/,
      );
      expect(lines[0]).toContain(end);
      expect(lines[0]).not.toMatch(/CRgAAAAA/);
      sandbox.control.clearFaults();
    });
  });

  it("that somebody else has deleted already is no warning", async () => {
    await onSandbox({ selectel }, fill, async ({ images, client, lines }) => {
      await images.inventory("team/app");
      for await (const { id } of client.v2.tokens.list()) await client.v2.tokens.delete({ id });
      await images.close();
      expect(lines).toEqual([]);
    });
  });

  it("lives on in a run that is longer than an hour", async () => {
    await onSandbox({ selectel }, fill, async ({ images, sandbox, tokens }) => {
      await images.inventory("team/app");
      for (let looks = 0; looks < 3; looks++) {
        sandbox.clock.advance(55 * 60_000);
        push(sandbox.store, "team/app", undefined, artifact({ artifactType: "application/vnd.example", content: `${looks}` }));
        await images.detail(await images.inventory("team/app"), all);
      }
      expect(await tokens()).toHaveLength(1);
    });
  });

  it("is not minted again after close", async () => {
    await onSandbox({ selectel }, fill, async ({ images, tokens }) => {
      await images.close();
      await expect(images.inventory("team/app")).rejects.toThrow(/closed/);
      expect(await tokens()).toEqual([]);
    });
  });
});
