import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { equalOnEachEngine, errors, essence, SECRET, shortly } from "./fixture/scenario";

jest.setTimeout(240_000);

const A = { name: "a", inputs: { name: "app", token: "$token" } };
const B = { name: "b", inputs: { name: "web" } };

/** Command lines of processes that work in a folder; Linux alone tells. */
function processesIn(dir: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === dir ? [readFileSync(`/proc/${pid}/cmdline`, "utf8")] : [];
    } catch {
      return []; // it ended while we looked
    }
  });
}

describe("what happens outside of the program is handled the same on every engine", () => {
  it("refresh finds drift and what is gone; the next up repairs both", async () => {
    const r = await equalOnEachEngine(async ({ stack, declare, cloud, setCloud }) => {
      await declare(A, B);
      await stack.up();
      setCloud({ "repo/app": { visibility: "public" } });
      const refresh = essence(await stack.refresh());
      const state = await stack.state();
      const repair = essence(await stack.up());
      return { refresh, state, repair, cloud: cloud() };
    });
    expect(shortly(r.refresh)).toEqual(["update a", "delete b"]);
    expect(r.refresh.changes).toEqual({ update: 1, delete: 1 });
    const a = r.state.find(({ urn }) => urn.endsWith("::a"));
    expect(a).toMatchObject({
      inputs: { visibility: "public", token: { secret: SECRET } },
      outputs: { visibility: "public", token: { secret: SECRET } },
    });
    expect(shortly(r.repair)).toEqual(["update a", "create b"]);
    expect(r.cloud).toEqual({ "repo/app": { visibility: "private" }, "repo/web": { visibility: "private" } });
  });

  it("an engine that is killed in the middle of up keeps what was finished and says what was not", async () => {
    const r = await equalOnEachEngine(async ({ stack, declare, cloud, setCloud, dir }) => {
      const hanging = { name: "b", inputs: { name: "hangs" }, options: { dependsOn: "a" } };
      await declare(A, hanging);
      const up = stack.up();
      while (cloud()["repo/hangs"] === undefined) await delay(20);
      const alive = process.platform !== "linux" || processesIn(dir).length > 0;
      await stack.kill();
      const killed = await up;
      const survivors = processesIn(dir);
      const pending = (await stack.export()).pending_operations?.map(({ type, resource }) => [type, resource.urn.split("::").at(-1)]);
      const kept = (await stack.state()).map(({ urn }) => urn.split("::").at(-1));
      // The object exists, nobody knows of it: a person removes it (this provider cannot adopt).
      setCloud({ "repo/app": cloud()["repo/app"] ?? {} });
      await declare(A, B);
      const again = essence(await stack.up());
      return { ok: killed.ok, alive, survivors, pending, kept, again, state: await stack.state(), cloud: Object.keys(cloud()) };
    });
    expect(r.ok).toBe(false);
    expect(r.alive).toBe(true);
    expect(r.survivors).toEqual([]);
    expect(r.pending).toEqual([["creating", "b"]]);
    expect(r.kept.sort()).toEqual(["a", "default", "project-dev"]);
    expect(shortly(r.again)).toEqual(["same a", "create b"]);
    expect(r.again.diagnostics[0]?.message).toMatch(
      /^Attempting to deploy or update resources with 1 pending operations[\s\S]*::b, interrupted while creating$/,
    );
    expect(r.cloud).toEqual(["repo/app", "repo/web"]);
  });

  it("a replacement that was killed between delete and create is completed by the next up", async () => {
    const exclusive = (name: string) => ({ name: "a", inputs: { name, exclusive: true } });
    const r = await equalOnEachEngine(async ({ stack, declare, cloud, setCloud }) => {
      await declare(exclusive("one"), { name: "b", inputs: { name: "$a.url" } });
      await stack.up();
      await declare(exclusive("hangs"), { name: "b", inputs: { name: "$a.url" } });
      const up = stack.up();
      while (cloud()["repo/hangs"] === undefined) await delay(20);
      await stack.kill();
      await up;
      const half = await stack.state();
      setCloud({});
      await declare(exclusive("two"), { name: "b", inputs: { name: "$a.url" } });
      const again = essence(await stack.up());
      return { half, again, state: await stack.state(), cloud: Object.keys(cloud()) };
    });
    expect(r.half.filter(({ pendingReplacement }) => pendingReplacement === true)).toHaveLength(2);
    expect(r.again.changes).toEqual({ replace: 2 });
    expect(r.state.some(({ pendingReplacement }) => pendingReplacement === true)).toBe(false);
    expect(r.cloud).toEqual(["repo/two", "repo/https://x/two"]);
  });

  it("kill without an operation does nothing", async () => {
    await equalOnEachEngine(async ({ stack }) => {
      await stack.kill();
      return stack.state();
    });
  });
});

describe("resource options mean the same on every engine", () => {
  it("ignoreChanges, replaceOnChanges, retainOnDelete, protect; a delete that fails", async () => {
    const spec = (visibility: string) => [
      {
        name: "ignoring",
        inputs: { name: "ig", visibility, labels: { x: visibility } },
        options: { ignoreChanges: ["visibility", "labels.x"] },
      },
      {
        name: "replacing",
        inputs: { name: `re-${visibility}`, visibility },
        options: { replaceOnChanges: ["visibility"], deleteBeforeReplace: true },
      },
      { name: "retained", inputs: { name: "kept" }, options: { retainOnDelete: true } },
    ];
    const guarded = { name: "guarded", inputs: { name: "guarded" }, options: { protect: true } };
    const stuck = { name: "stuck", inputs: { name: "stuck" } };
    const r = await equalOnEachEngine(async ({ stack, declare, cloud }) => {
      await declare(...spec("private"), guarded, stuck);
      await stack.up();
      await declare(...spec("public"), guarded, stuck);
      const changed = essence(await stack.up());
      await declare(guarded, stuck);
      const removed = essence(await stack.up());
      const left = Object.keys(cloud()).sort();
      const destroy = essence(await stack.destroy());
      return { changed, removed, left, destroy, state: (await stack.state()).map(({ urn }) => urn.split("::").at(-1)) };
    });
    expect(shortly(r.changed)).toEqual([
      "same guarded",
      "same ignoring",
      "delete-replaced replacing",
      "replace replacing [name, visibility]",
      "create-replacement replacing [name, visibility]",
      "same retained",
      "same stuck",
    ]);
    expect(r.left).toEqual(["repo/guarded", "repo/kept", "repo/stuck"]);
    expect(r.destroy.ok).toBe(false);
    expect(errors(r.destroy).join("\n")).toMatch(/cannot be deleted\nbecause it is protected/);
    expect(errors(r.destroy).join("\n")).toMatch(/delete repo\/stuck: 423 Locked/);
    expect(r.state).toEqual(expect.arrayContaining(["guarded", "stuck"]));
  });

  it("an explicit provider has its own configuration, kept out of the resources; components; .get()", async () => {
    const r = await equalOnEachEngine(async ({ stack, declare, cloud, setCloud }) => {
      setCloud({ "repo/outside": { visibility: "public" } });
      await declare(
        { kind: "provider", name: "us", inputs: { region: "us", apiToken: "$token" } },
        { kind: "group", name: "group" },
        { name: "inner", inputs: { name: "inner" }, options: { parent: "group", provider: "us" } },
        { name: "found", inputs: { name: "x" }, options: { id: "repo/outside" } },
        A,
      );
      const up = essence(await stack.up());
      const state = await stack.state();
      const same = essence(await stack.up());
      const destroy = essence(await stack.destroy());
      return { up, same, state, destroy, cloud: cloud() };
    });
    expect(shortly(r.up).sort()).toEqual(["create a", "create group", "create inner", "create us", "read found"]);
    expect(shortly(r.same).sort()).toEqual(["read found", "same a", "same group", "same inner", "same us"]);
    const inner = r.state.find(({ urn }) => urn.endsWith("::inner"));
    expect(inner?.urn).toMatch(/::acme:index:Group\$pulumi-nodejs:dynamic\/acme:Repository::inner$/);
    expect(inner?.outputs).toMatchObject({ region: "us" });
    expect(JSON.stringify(inner)).not.toContain(SECRET);
    expect(r.state.find(({ urn }) => urn.endsWith("::us"))?.inputs).toEqual({ "acme:region": "us", "acme:apiToken": { secret: SECRET } });
    expect(r.state.find(({ urn }) => urn.endsWith("::found"))).toMatchObject({ external: true, outputs: { visibility: "public" } });
    expect(r.cloud).toEqual({ "repo/outside": { visibility: "public" } });
  });
});
