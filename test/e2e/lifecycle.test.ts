import { UNKNOWN } from "../engine";
import { changes, errors, everything, onEachEngine, succeeded, writes } from "./world";

jest.setTimeout(300_000);

const ALL = ["app", "basic", "ci", "collection", "production", "registry", "repository"];
const sortedNames = (steps: readonly { name: string }[]) => steps.map(({ name }) => name).sort();

describe("a program with every resource, from the packed package", () => {
  it("preview shows all, up makes it, up again sends only reads, destroy leaves the servers as they were", async () => {
    const recorded = await onEachEngine(async ({ stack, sandbox }) => {
      const before = await everything(sandbox);
      const preview = succeeded(await stack.preview());
      expect(writes(sandbox)).toEqual([]);
      expect(await everything(sandbox)).toEqual(before);
      const up = succeeded(await stack.up());
      const made = await everything(sandbox);

      sandbox.control.clearRequests();
      const again = succeeded(await stack.up());
      expect(writes(sandbox)).toEqual([]);
      const sent = sandbox.control.requests().filter(({ api }) => api !== "selectel-identity").length;
      expect(await everything(sandbox)).toEqual(made);

      const refresh = succeeded(await stack.refresh());
      expect(writes(sandbox)).toEqual([]);
      const destroy = succeeded(await stack.destroy());
      expect(await everything(sandbox)).toEqual(before);
      return {
        preview: { steps: changes(preview), unknown: preview.outputs.endpoint === UNKNOWN && preview.outputs.secret === UNKNOWN },
        up: {
          steps: changes(up),
          outputs: Object.keys(up.outputs).sort(),
          repositories: up.outputs.repositories,
          tags: up.outputs.tags,
          secret: typeof up.outputs.secret,
        },
        made,
        again: changes(again),
        sent,
        refresh: changes(refresh),
        destroy: changes(destroy),
      };
    });
    expect(sortedNames(recorded.preview.steps.map((step) => ({ name: step.split(" ")[1] ?? "" })))).toEqual(ALL);
    expect(recorded.preview.unknown).toBe(true);
    expect(recorded.up).toMatchObject({ tags: ["v1", "v2"], secret: "object" });
    expect(recorded.made).toMatchObject({ registries: ["main ACTIVE"], tokens: ["ci active"] });
    expect(recorded.again).toEqual([]);
    // Diffing asks nobody; what is sent are the program's own two read functions.
    expect(recorded.sent).toBeLessThanOrEqual(6);
    expect(recorded.refresh).toEqual([]);
    expect(recorded.destroy).toHaveLength(ALL.length);
  });

  it("a change of each input does what the documentation says, and nothing else", async () => {
    // What stands in one round is changed at once: the resources do not depend on these inputs of each other.
    const replaced = (name: string, key: string) => [`create-replacement ${name} [${key}]`, `replace ${name} [${key}]`];
    const rounds: { readonly edits: Readonly<Record<string, object>>; readonly steps: readonly string[] }[] = [
      {
        edits: {
          registry: { forceDelete: true },
          app: { forceDelete: true },
          ci: { name: "ci-2" },
          basic: { ttl: "1y" },
          collection: { triggers: { release: "2" } },
          repository: { forceDelete: true },
          production: { tag: "live" },
        },
        steps: [
          "update registry [forceDelete]",
          "update app [forceDelete]",
          "update ci [name]",
          ...replaced("basic", "ttl"),
          "update collection [triggers]",
          "update repository [forceDelete]",
          ...replaced("production", "tag"),
        ],
      },
      {
        edits: {
          registry: { timeouts: { delete: "1h" } },
          app: { initialize: false },
          ci: { mode: "read" },
          basic: { adopt: false },
          collection: { deleteUntagged: true },
          repository: { initialize: false },
        },
        steps: [
          "update registry [timeouts]",
          "update app [initialize]",
          "update ci [mode]",
          "update collection [deleteUntagged]",
          "update repository [initialize]",
        ],
      },
      {
        edits: {
          registry: { adopt: true },
          app: { name: "team/other" },
          ci: { registries: null, allRegistries: true },
          repository: { name: "team/site" },
        },
        steps: [...replaced("app", "name"), "update ci [allRegistries, registries]", ...replaced("repository", "name")],
      },
      { edits: { ci: { expiresIn: "30d" } }, steps: ["update ci [expiresIn]"] },
      { edits: { ci: { expiresIn: null, expiresAt: "never" } }, steps: ["update ci [expiresAt, expiresIn]"] },
      { edits: { ci: { rotateBefore: "7d", rotationTriggers: { incident: "1" } } }, steps: ["update ci [rotateBefore, rotationTriggers]"] },
    ];
    await onEachEngine(async ({ stack, edit, digests }) => {
      succeeded(await stack.up());
      for (const { edits, steps } of [
        ...rounds,
        { edits: { production: { digest: digests[1] } }, steps: ["update production [digest]"] },
      ]) {
        await edit(edits);
        const preview = succeeded(await stack.preview());
        const shown = changes(preview).filter((step) => !step.startsWith("delete-replaced"));
        expect({ edits, steps: shown.sort() }).toEqual({ edits, steps: [...steps].sort() });
      }
    });
  });

  it("drift of each property is shown by refresh and repaired by up", async () => {
    const recorded = await onEachEngine(async ({ stack, sandbox, digests }) => {
      succeeded(await stack.up());
      const made = await everything(sandbox);
      const selectel = sandbox.info.selectel;
      const call = async (method: string, where: string, body?: object) => {
        const answer = await fetch(`${selectel?.v2}${where}`, {
          method,
          headers: { "x-auth-token": selectel?.token ?? "", "content-type": "application/json" },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const text = await answer.text();
        return text === "" ? undefined : JSON.parse(text);
      };
      const { tokens } = await call("GET", "/tokens?limit=10");
      const id = tokens.find(({ name }: { name: string }) => name === "ci").id;
      await call("PATCH", `/tokens/${id}`, {
        name: "somebody's",
        scope: { modeRW: false, allRegistries: true },
        expiration: { isSet: false },
      });
      const moved = sandbox.store.repository("team/app")?.manifests.get(digests[1]);
      sandbox.store.putManifest("team/app", moved?.mediaType ?? "", moved?.bytes ?? Buffer.alloc(0), "production");
      sandbox.store.deleteRepository("team/web");
      sandbox.store.deleteRepository("main/team/app");

      const refresh = succeeded(await stack.refresh());
      const shown = succeeded(await stack.preview());
      const repair = succeeded(await stack.up());
      expect(await everything(sandbox)).toEqual(made);
      return { refresh: changes(refresh), shown: changes(shown), repair: changes(repair), calm: changes(succeeded(await stack.up())) };
    });
    expect(recorded.refresh.map((step) => step.replace(/ \[.*/, "")).sort()).toEqual([
      "delete app",
      "delete repository",
      "update ci",
      "update production",
    ]);
    expect(recorded.repair.map((step) => step.replace(/ \[.*/, "")).sort()).toEqual([
      "create app",
      "create repository",
      "update ci",
      "update production",
    ]);
    expect(recorded.calm).toEqual([]);
  });

  it("an object that exists is one clear error before anything is made; adopt takes it over", async () => {
    const recorded = await onEachEngine(async ({ stack, sandbox, edit }) => {
      const existing = sandbox.store.repository("team/app")?.manifests.values().next().value;
      sandbox.store.putManifest("team/app", existing?.mediaType ?? "", existing?.bytes ?? Buffer.alloc(0), "production");
      const refused = await stack.up();
      await edit({ production: { adopt: true } });
      return {
        ok: refused.ok,
        errors: errors(refused).filter((message) => message.includes("adopt")),
        adopted: succeeded(await stack.up()).ok,
      };
    });
    expect(recorded.ok).toBe(false);
    expect(recorded.errors).toEqual([
      expect.stringContaining("oci:Tag team/app:production already exists (id team/app:production). Set adopt: true"),
    ]);
  });

  it("bad input fails the preview on the right property, and nothing is sent", async () => {
    const recorded = await onEachEngine(async ({ stack, edit, sandbox }) => {
      await edit({ production: { tag: "no tag" } });
      const failed = await stack.preview();
      expect(writes(sandbox)).toEqual([]);
      return { ok: failed.ok, errors: errors(failed).map((message) => message.replace(/value \{[^}]*\}/, "value {…}")) };
    });
    expect(recorded).toEqual({
      ok: false,
      errors: [
        expect.stringMatching(
          /^pulumi-nodejs:dynamic\/oci:Tag resource 'production': property tag value \{…\} has a problem: "no tag" is no valid tag/,
        ),
      ],
    });
  });
});
