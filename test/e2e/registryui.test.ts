import { image, push } from "../sandbox/images";
import { changes, errors, onEachEngine, succeeded, type World, writes } from "./world";

jest.setTimeout(300_000);

const program = {
  "index.js": `
const pulumi = require("@pulumi/pulumi");
const { registryui } = require("registry-as-code");
const config = new pulumi.Config();
const edited = config.getObject("with") ?? {};
const app = new registryui.Project("app", { repository: "team/app", title: "The app", ...edited.app });
const base = new registryui.Project("base", { repository: "public/base", isPublic: true, ...edited.base });
const garbage = new registryui.GarbageCollection("garbage", { triggers: { release: "1" }, ...edited.garbage }, { dependsOn: [app, base] });
if (edited.maintenance) new registryui.Maintenance("maintenance", edited.maintenance, { dependsOn: garbage });
exports.reference = app.reference;
exports.tags = registryui.getTagsOutput({ repository: app.id }).apply((found) => found.map(({ tag }) => tag));
exports.offline = registryui.getOfflineStateOutput({}).offline;
exports.planned = registryui.planCleanupOutput({ repositories: app.id, deleteTags: "pr-*", minAge: "0" }).apply(({ counts }) => counts.digests);
`,
};

const uiOf = ({ sandbox }: Pick<World, "sandbox">) => {
  if (!sandbox.registryui) throw new Error("the sandbox has no RegistryUI");
  return sandbox.registryui;
};

/** What a person sees there. */
const seen = (world: Pick<World, "sandbox">) => ({
  projects: Object.fromEntries([...uiOf(world).state.projects].map(([path, { title, isPublic }]) => [path, { title, isPublic }])),
  collections: uiOf(world).state.collections,
  offline: uiOf(world).state.offline,
});

describe("RegistryUI's resources, from the packed package", () => {
  it("come up, stay as they are with reads only, show drift, and go", async () => {
    const recorded = await onEachEngine(
      async (world) => {
        const { stack, sandbox, edit } = world;
        const { state, store } = uiOf(world);
        const preview = succeeded(await stack.preview());
        expect(writes(sandbox)).toEqual([]);
        const up = succeeded(await stack.up());
        const made = seen(world);

        sandbox.control.clearRequests();
        const again = succeeded(await stack.up());
        expect(writes(sandbox)).toEqual([]);
        const refresh = succeeded(await stack.refresh());
        expect(writes(sandbox)).toEqual([]);

        state.addProject("team/app", { title: "Somebody's" });
        state.removeProject("public/base");
        const drift = succeeded(await stack.refresh());
        const refused = await stack.up();
        await edit({ app: { title: "Somebody's" } });
        const repair = succeeded(await stack.up());
        await edit({ app: { title: "Somebody's" }, garbage: { triggers: { release: "2" } } });
        const collected = succeeded(await stack.up());

        push(store, "team/app", "v1", image());
        const kept = await stack.destroy();
        await edit({ app: { title: "Somebody's", forceDelete: true }, garbage: { triggers: { release: "2" } } });
        succeeded(await stack.up());
        const destroy = succeeded(await stack.destroy());
        return {
          preview: changes(preview).length,
          up: changes(up).length,
          outputs: { offline: up.outputs.offline, tags: up.outputs.tags, planned: up.outputs.planned },
          made,
          again: changes(again),
          refresh: changes(refresh),
          drift: changes(drift).sort(),
          refused: [refused.ok, errors(refused).some((message) => message.includes("cannot be changed by this program"))],
          repair: changes(repair),
          collected: changes(collected),
          collections: state.collections,
          kept: [kept.ok, errors(kept).some((message) => message.includes("forceDelete"))],
          destroy: changes(destroy).length,
          left: seen(world).projects,
        };
      },
      { program: { files: program } },
    );
    expect(recorded).toEqual({
      preview: 3,
      up: 3,
      outputs: { offline: false, tags: [], planned: 0 },
      made: {
        projects: { "team/app": { title: "The app", isPublic: false }, "public/base": { title: null, isPublic: true } },
        collections: 1,
        offline: false,
      },
      again: [],
      refresh: [],
      drift: ["delete base", expect.stringMatching(/^update app/)],
      refused: [false, true],
      repair: ["create base"],
      collected: ["update garbage [triggers]"],
      // Another one by the `up` after the refused destruction, which had taken the resource away.
      collections: 3,
      kept: [false, true],
      destroy: expect.any(Number),
      left: {},
    });
  });

  it("are not made over what exists, unless it is adopted; maintenance ends with its resource", async () => {
    await onEachEngine(
      async (world) => {
        const { stack, edit } = world;
        const { state } = uiOf(world);
        state.addProject("team/app", { title: "The app" });
        const refused = await stack.up();
        expect([refused.ok, errors(refused).some((message) => message.includes("Set adopt: true"))]).toEqual([false, true]);
        await edit({ app: { adopt: true } });
        succeeded(await stack.up());
        await edit({ app: { adopt: true }, maintenance: { adopt: false } });
        // The read functions of the program run before it goes offline.
        succeeded(await stack.up());
        expect(state.offline).toBe(true);
        succeeded(await stack.destroy());
        expect([state.offline, [...state.projects.keys()]]).toEqual([false, []]);
      },
      { program: { files: program } },
    );
  });
});
