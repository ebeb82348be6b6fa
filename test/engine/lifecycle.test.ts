import { UNKNOWN } from "./engine";
import { equalOnEachEngine, errors, essence, SECRET, shortly } from "./fixture/scenario";

jest.setTimeout(240_000);

const A = { name: "a", inputs: { name: "app", token: "$token" } };
const B = { name: "b", inputs: { name: "web", description: "$a.url/see" } };

describe("a program's life is the same on every engine", () => {
  it("previews without touching anything, creates, does nothing, updates, replaces, deletes, destroys", async () => {
    const r = await equalOnEachEngine(async ({ stack, declare, cloud }) => {
      await declare(A, B);
      const preview = await stack.preview();
      const untouched = [cloud(), await stack.state()];
      const up = await stack.up();
      const state = await stack.state();
      const same = await stack.up();
      await declare({ ...A, inputs: { ...A.inputs, visibility: "public" } }, B);
      const update = await stack.up();
      await declare({ ...A, inputs: { ...A.inputs, name: "app2" } }, B);
      const replacePreview = await stack.preview();
      const replace = await stack.up();
      const replaced = cloud();
      await declare({ ...A, inputs: { ...A.inputs, name: "app2" } });
      const remove = await stack.up();
      const exported = JSON.stringify(await stack.export());
      const destroy = await stack.destroy();
      const printed = [preview, up, same, update, replacePreview, replace, remove, destroy].map(({ stdout, stderr }) => stdout + stderr);
      return {
        ...{ untouched, state, replaced, end: [cloud(), await stack.state()] },
        leaks: { exported: exported.includes(SECRET), printed: printed.some((text) => text.includes(SECRET)) },
        ...{ preview: essence(preview), up: essence(up), same: essence(same), update: essence(update) },
        ...{ replacePreview: essence(replacePreview), replace: essence(replace), remove: essence(remove), destroy: essence(destroy) },
      };
    });
    expect(r.untouched).toEqual([{}, []]);
    expect(shortly(r.preview)).toEqual(["create a", "create b"]);
    expect(r.preview.outputs).toEqual({
      urls: { a: UNKNOWN, b: UNKNOWN },
      token: { secret: UNKNOWN },
      nested: [{ token: { secret: UNKNOWN } }],
    });
    expect(r.up.outputs).toEqual({
      urls: { a: "https://x/app", b: "https://x/web" },
      token: { secret: SECRET },
      nested: [{ token: { secret: SECRET } }],
    });
    const a = r.state.find(({ urn }) => urn.endsWith("::a"));
    expect(a).toMatchObject({ id: "repo/app", inputs: { visibility: "private", token: { secret: SECRET } } });
    expect(a?.outputs).toMatchObject({ region: "eu", token: { secret: SECRET }, serverToken: { secret: "srv-app" } });
    expect(r.state.find(({ urn }) => urn.endsWith("::b"))?.dependencies).toEqual([a?.urn]);
    expect(shortly(r.same)).toEqual(["same a", "same b"]);
    expect(shortly(r.update)).toEqual(["update a", "same b"]);
    expect(r.update.steps[0]?.diffs).toEqual(["visibility"]);
    expect(shortly(r.replacePreview)).toEqual(["create-replacement a [name]", "replace a [name]", "delete-replaced a", "update b"]);
    expect(shortly(r.replace)).toEqual(shortly(r.replacePreview));
    expect(r.replace.changes).toEqual({ replace: 1, update: 1 });
    expect(Object.keys(r.replaced).sort()).toEqual(["repo/app2", "repo/web"]);
    expect(shortly(r.remove)).toEqual(["same a", "delete b"]);
    expect(shortly(r.destroy)).toEqual(["delete a"]);
    expect(r.end).toEqual([{}, []]);
    expect(r.leaks).toEqual({ exported: false, printed: false });
  });

  it("deletes before it replaces, with the dependents that have to go too", async () => {
    const exclusive = { name: "a", inputs: { name: "one", exclusive: true } };
    const dependent = { name: "b", inputs: { name: "$a.url" } };
    const r = await equalOnEachEngine(async ({ stack, declare, cloud }) => {
      await declare(exclusive, dependent);
      await stack.up();
      await declare({ ...exclusive, inputs: { ...exclusive.inputs, name: "two" } }, dependent);
      const replace = essence(await stack.up());
      return { replace, cloud: Object.keys(cloud()), state: await stack.state() };
    });
    const half = ["delete-replaced", "replace", "create-replacement"];
    expect(r.replace.steps.map(({ op, name }) => `${op} ${name}`)).toEqual([
      ...half.map((op) => `${op} a`),
      ...half.map((op) => `${op} b`),
    ]);
    expect(r.cloud).toEqual(["repo/two", "repo/https://x/two"]);
    expect(r.state.some(({ pendingReplacement, delete: condemned }) => pendingReplacement === true || condemned === true)).toBe(false);
  });

  it("keeps a half-created object with its reasons and updates it at the next up", async () => {
    const partial = { name: "a", inputs: { name: "partial", token: "$token" } };
    const r = await equalOnEachEngine(async ({ stack, declare, cloud }) => {
      await declare(partial, B);
      const failed = essence(await stack.up());
      const state = await stack.state();
      const repaired = essence(await stack.up());
      return { failed, state, repaired, end: await stack.state(), cloud: Object.keys(cloud()) };
    });
    expect(r.failed.ok).toBe(false);
    expect(errors(r.failed)).toEqual(["2 errors occurred:\n\t* replication never finished\n\t* second reason"]);
    expect(r.state.find(({ id }) => id === "repo/partial")?.initErrors).toEqual(["replication never finished", "second reason"]);
    expect(shortly(r.repaired)).toEqual(["update a", "create b"]);
    expect(r.end.every(({ initErrors }) => initErrors?.length === 0)).toBe(true);
    expect(r.cloud).toEqual(["repo/partial", "repo/web"]);
  });

  it("reports what check and create refuse, and goes no further", async () => {
    const r = await equalOnEachEngine(async ({ stack, declare, cloud }) => {
      await declare({ name: "a", inputs: { name: "App", token: "weak" } }, B);
      const checked = essence(await stack.preview());
      await declare({ name: "a", inputs: { name: "taken" } }, B);
      const created = essence(await stack.up());
      return { checked, created, cloud: cloud(), state: (await stack.state()).map(({ type }) => type) };
    });
    expect(errors(r.checked)).toEqual([
      "pulumi-nodejs:dynamic/acme:Repository resource 'a': property name value {App} has a problem: must be lower case",
      "pulumi-nodejs:dynamic/acme:Repository resource 'a' has a problem: token: is too short",
    ]);
    expect(errors(r.created)).toEqual(["create repo/taken: 409 Conflict"]);
    expect(r.created.diagnostics[0]?.urn).toMatch(/::a$/);
    expect(r.cloud).toEqual({});
    expect(r.state).not.toContain("pulumi-nodejs:dynamic/acme:Repository");
  });
});
