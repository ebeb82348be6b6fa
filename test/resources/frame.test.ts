import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { RegistryError } from "../../provider/http";
import { Incomplete } from "../../provider/resources/failure";
import { IDENTITY } from "../../provider/resources/lifecycle";
import { server, process as start } from "./note";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const PROVIDER = `exports.handler=()=>require("registry-as-code/dynamic").provider("test:Note");`;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "attempts-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const inputs = (over: object = {}) => ({ name: "a", text: "hello", forceDelete: false, __provider: PROVIDER, ...over });

/** Checks and creates as one `up` does it. */
async function up(target = server(), over: object = {}, identity = "org/project/dev/a") {
  const { provider, lines } = start(target, folder);
  const { inputs: checked, failures } = await provider.check({}, { name: "a", ...over, __provider: PROVIDER, [IDENTITY]: identity });
  expect(failures).toEqual([]);
  return { target, provider, lines, checked, made: await provider.create(checked) };
}

describe("check", () => {
  const { provider } = start(server(), os.tmpdir());
  const check = (props: object) => provider.check({}, { __provider: PROVIDER, ...props });

  it("fills in defaults and keeps the provider's text", async () => {
    expect(await check({ name: "a" })).toEqual({
      inputs: { name: "a", text: "hello", forceDelete: false, __provider: PROVIDER },
      failures: [],
    });
  });

  it.each([
    ["a missing input", {}, [{ property: "name", reason: "is missing" }]],
    ["a rule of the property", { name: "A" }, [{ property: "name", reason: "must be lower case" }]],
    ["a wrong type", { name: 7 }, [{ property: "name", reason: "must be a string" }]],
    ["an element of a list, by its place", { name: "a", labels: ["x", 1] }, [{ property: "labels", reason: "([1]) must be a string" }]],
    [
      "an input that does not exist, with the one that was meant",
      { name: "a", Text: "x" },
      [{ property: "Text", reason: "is not an input of test:Note: did you mean text?" }],
    ],
    [
      "an output that is given as an input",
      { name: "a", version: 3 },
      [{ property: "version", reason: "is an output of test:Note and cannot be given" }],
    ],
    [
      "a bad timeout",
      { name: "a", timeouts: { create: "soon" } },
      [{ property: "timeouts", reason: expect.stringContaining('(create) "soon" is not a duration') }],
    ],
  ])("names %s", async (_case, props, failures) => {
    expect((await check(props)).failures).toEqual(failures);
  });

  it("never has the engine print a secret: a failure of a secret input names no property", async () => {
    const { failures } = await check({ name: "a", secretText: "hunter2" });
    expect(failures).toEqual([{ property: "", reason: "secretText must have at least 8 characters" }]);
    expect(JSON.stringify(failures)).not.toContain("hunter2");
  });

  it("passes on what is unknown before `up`, at any depth, and does not judge it", async () => {
    const { inputs: checked, failures } = await check({ name: UNKNOWN, labels: ["x", UNKNOWN], timeouts: { create: UNKNOWN } });
    expect(failures).toEqual([]);
    expect(checked).toMatchObject({ name: UNKNOWN, labels: ["x", UNKNOWN], timeouts: { create: UNKNOWN } });
  });

  it("says why a type cannot be adopted", async () => {
    const { provider: other } = start(server(), os.tmpdir(), { notAdoptable: "cannot be used here" });
    expect((await other.check({}, { name: "a", adopt: true })).failures).toEqual([{ property: "adopt", reason: "cannot be used here" }]);
  });

  it("keeps the identity of the resource out of the state", async () => {
    expect((await check({ name: "a", [IDENTITY]: "org/project/dev/a" })).inputs).not.toHaveProperty([IDENTITY]);
  });
});

describe("diff", () => {
  const { provider } = start(server(), os.tmpdir(), {
    same: { labels: (a = [], b = []) => [...a].sort().join() === [...b].sort().join() },
  });
  const state = { ...inputs({ labels: ["x", "y"] }), key: "k", version: 1, status: "ready", schemaVersion: 1 };

  it.each([
    ["nothing changed", { labels: ["x", "y"] }, { changes: false, deleteBeforeReplace: true }],
    ["the same in another order", { labels: ["y", "x"] }, { changes: false, deleteBeforeReplace: true }],
    ["only `adopt` differs: it speaks of the creation", { labels: ["x", "y"], adopt: true }, { changes: false, deleteBeforeReplace: true }],
    ["an input changed: the engine compares the properties itself", { labels: ["x"] }, { deleteBeforeReplace: true }],
    ["an input is not known yet", { labels: UNKNOWN }, { deleteBeforeReplace: true }],
    ["an input that cannot change in place", { name: "b", labels: ["x", "y"] }, { replaces: ["name"], deleteBeforeReplace: false }],
  ])("%s", async (_case, change, answer) => {
    expect(await provider.diff("a", state, inputs(change))).toEqual(answer);
  });

  it("updates without a changed input when the object is due", async () => {
    expect(await provider.diff("a", { ...state, status: "half" }, inputs({ labels: ["x", "y"] }))).toMatchObject({ changes: true });
  });

  it("is empty after create, whatever the inputs (property)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ text: fc.string(), labels: fc.array(fc.string()), forceDelete: fc.boolean() }, { requiredKeys: [] }),
        async (props) => {
          const { provider: one, made, checked } = await up(server(), props);
          expect(await one.diff(made.id, made.outs ?? {}, checked)).toMatchObject({ changes: false });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("create", () => {
  it("gives inputs, outputs and the schema's version, secrets in the engine's envelope", async () => {
    const { made } = await up();
    expect(made).toEqual({
      id: "a",
      outs: {
        ...inputs(),
        key: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "key-of-a" },
        version: 1,
        status: "ready",
        schemaVersion: 1,
      },
    });
  });

  it("fails on an object that exists, naming `adopt`, and changes nothing", async () => {
    const target = server();
    target.notes.set("a", { text: "theirs", version: 7, status: "ready" });
    await expect(up(target)).rejects.toThrow(
      "test:Note a already exists (id a). Set adopt: true to manage the existing object with this resource, or choose another name",
    );
    expect(target.notes.get("a")?.text).toBe("theirs");
  });

  it("takes over an existing object with `adopt` and makes it as declared", async () => {
    const target = server();
    target.notes.set("a", { text: "theirs", version: 7, status: "ready" });
    const { made } = await up(target, { adopt: true });
    expect(made.outs).toMatchObject({ text: "hello", version: 8 });
    expect(target.notes.get("a")?.text).toBe("hello");
  });

  it("adopts without a write where everything is as declared", async () => {
    const target = server();
    target.notes.set("a", { text: "hello", version: 7, status: "ready" });
    await up(target, { adopt: true });
    expect(target.calls).toEqual(["find", "read"]);
  });

  it("keeps a half-made object in the state with its reasons and the provider's text", async () => {
    const { provider } = start(server(), folder, {
      create: async () => {
        throw new Incomplete("a", { version: 0, status: "half", odd: undefined }, ["the note is not dry"]);
      },
    });
    await expect(provider.create(inputs())).rejects.toMatchObject({
      id: "a",
      reasons: ["the note is not dry"],
      properties: { ...inputs(), version: 0, status: "half", schemaVersion: 1, __provider: PROVIDER },
      stack: "",
    });
  });

  it("gives up after its own timeout, with the name of the input that raises it", async () => {
    const { provider } = start(server(), folder, {
      create: ({ signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("waited for the note")))),
    });
    await expect(provider.create(inputs({ timeouts: { create: "5ms" } }))).rejects.toThrow(
      "create of test:Note a: not done within 5ms: raise timeouts.create, or run it again to go on. (waited for the note)",
    );
  });

  it("refuses to hand the engine what it would lose the object over", async () => {
    const { provider } = start(server(), folder, {
      create: async () => ({ id: "a", outputs: { key: "k", version: Number.NaN, status: "ready" } }),
    });
    await expect(provider.create(inputs())).rejects.toThrow("test:Note: version is not a finite number");
  });
});

describe("an engine that is killed between the server's effect and the checkpoint", () => {
  const killed = () => {
    const target = server();
    target.after = (name) => {
      if (name === "create") throw new Error("killed");
    };
    return target;
  };

  it("finds its own object at the next `up` and goes on with it", async () => {
    const target = killed();
    await expect(up(target)).rejects.toThrow("killed");
    expect(target.notes.has("a")).toBe(true);
    target.after = undefined;
    const { made, lines, provider } = await up(target);
    expect(made.id).toBe("a");
    expect(lines).toEqual(["test:Note a: going on with what an interrupted run had begun"]);
    expect(target.calls.filter((name) => name === "create")).toHaveLength(1);
    await provider.diff("a", made.outs ?? {}, inputs());
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it("begins anew when what the interrupted run had made was deleted since", async () => {
    const target = server();
    const { made } = await up(target);
    expect(fs.readdirSync(folder)).toHaveLength(1);
    target.notes.clear();
    const again = await up(target);
    expect(again.made.id).toBe(made.id);
    expect(target.calls.filter((name) => name === "create")).toHaveLength(2);
  });

  it("does not take the same name on another server for its own", async () => {
    const target = killed();
    await expect(up(target)).rejects.toThrow("killed");
    const other = server();
    other.address = "https://other.example.com";
    other.notes.set("a", { text: "theirs", version: 1, status: "ready" });
    await expect(up(other)).rejects.toThrow("already exists");
  });

  it("is not fooled by another stack's attempt on the same object", async () => {
    const target = killed();
    await expect(up(target)).rejects.toThrow("killed");
    target.after = undefined;
    await expect(up(target, {}, "org/project/prod/a")).rejects.toThrow("already exists");
  });

  it("remembers no secret", async () => {
    await expect(up(killed(), { secretText: "hunter2hunter2" })).rejects.toThrow("killed");
    expect(
      fs
        .readdirSync(folder)
        .map((file) => fs.readFileSync(path.join(folder, file), "utf8"))
        .join(),
    ).not.toContain("hunter2");
  });

  it("forgets an attempt that the server refused: what is there later is somebody else's", async () => {
    const target = server();
    target.before = (name) => {
      if (name === "create")
        throw new RegistryError({
          method: "POST",
          route: "/notes",
          url: "http://127.0.0.1/notes",
          kind: "status",
          fate: "answered",
          status: 403,
        });
    };
    await expect(up(target)).rejects.toThrow("403");
    target.before = undefined;
    target.notes.set("a", { text: "theirs", version: 1, status: "ready" });
    await expect(up(target)).rejects.toThrow("already exists");
  });

  it("forgets after a day", async () => {
    const target = killed();
    await expect(up(target)).rejects.toThrow("killed");
    target.after = undefined;
    const { provider } = start(target, folder, {}, () => Date.parse("2026-01-02T00:00:01Z"));
    const { inputs: checked } = await provider.check({}, { name: "a", __provider: PROVIDER, [IDENTITY]: "org/project/dev/a" });
    await expect(provider.create(checked)).rejects.toThrow("already exists");
  });

  it("works without a folder to remember in, and then names `adopt`", async () => {
    fs.writeFileSync(path.join(folder, "file"), "");
    const nowhere = path.join(folder, "file", "below");
    const target = killed();
    const run = async () => {
      const { provider } = start(target, nowhere);
      const { inputs: checked } = await provider.check({}, { name: "a", __provider: PROVIDER, [IDENTITY]: "i" });
      return provider.create(checked);
    };
    await expect(run()).rejects.toThrow("killed");
    target.after = undefined;
    await expect(run()).rejects.toThrow("Set adopt: true");
  });
});

describe("read, update, delete", () => {
  it("shows drift in inputs and outputs, and a missing object as gone", async () => {
    const { target, provider, made } = await up();
    target.notes.set("a", { text: "drifted", version: 9, status: "ready" });
    const plain = { ...(made.outs ?? {}), key: "key-of-a" };
    expect(await provider.read("a", plain)).toMatchObject({
      id: "a",
      props: { text: "drifted", version: 9 },
      inputs: { name: "a", text: "drifted", __provider: PROVIDER },
    });
    target.notes.clear();
    expect(await provider.read("a", plain)).toEqual({});
  });

  it("says what `.get` did not find, where a refresh lets it go", async () => {
    const { provider } = start(server(), folder);
    await expect(provider.read("b", { __provider: PROVIDER })).rejects.toThrow("test:Note b does not exist");
    expect(await provider.read("b", { ...inputs(), schemaVersion: 1 })).toEqual({});
  });

  it("reads by id alone, for `.get`", async () => {
    const target = server();
    target.notes.set("b", { text: "x", version: 2, status: "ready" });
    const { provider } = start(target, folder);
    expect(await provider.read("b", { __provider: PROVIDER })).toMatchObject({ id: "b", props: { name: "b", text: "x", version: 2 } });
  });

  it("sends nothing when only the handling changed, and the state takes it over", async () => {
    const { target, provider, made } = await up();
    target.calls.length = 0;
    const { outs } = await provider.update(
      "a",
      { ...made.outs, key: "key-of-a" },
      inputs({ forceDelete: true, timeouts: { delete: "1h" } }),
    );
    expect(outs).toMatchObject({ forceDelete: true, timeouts: { delete: "1h" }, version: 1 });
    expect(target.calls).toEqual([]);
  });

  it("drops an optional input that the program no longer gives", async () => {
    const { provider, made } = await up(server(), { labels: ["x"] });
    const { outs } = await provider.update("a", { ...made.outs, key: "key-of-a" }, inputs());
    expect(outs).not.toHaveProperty("labels");
  });

  it("upgrades state of an earlier schema on the way in, and the upgrade alone is no change", async () => {
    const { provider } = start(server(), folder, { schemaVersion: 2, upgrades: { 1: ({ body, ...rest }) => ({ ...rest, text: body }) } });
    const old = {
      name: "a",
      body: "hello",
      forceDelete: false,
      key: "k",
      version: 1,
      status: "ready",
      schemaVersion: 1,
      __provider: PROVIDER,
    };
    expect(await provider.diff("a", old, inputs())).toMatchObject({ changes: false });
  });

  it("refuses state of a newer version with what to do", async () => {
    const { provider } = start(server(), folder);
    await expect(provider.delete("a", { ...inputs(), schemaVersion: 3 })).rejects.toThrow("upgrade the package");
  });

  it("prints errors as one message, without a stack", async () => {
    const target = server();
    target.before = () => {
      throw new Error("the server is on fire");
    };
    const { provider } = start(target, folder);
    const error = await provider.delete("a", inputs()).catch((thrown: unknown) => thrown);
    expect(`${error}: ${(error as Error).stack}`).toBe("delete of test:Note a: the server is on fire: ");
  });

  it("waits for a slow configuration and repeats its error to every caller", async () => {
    const { provider } = start(server(), folder, {
      module: { name: "test", server: () => "", connect: () => Promise.reject(new Error("no credentials")) },
    });
    await expect(provider.create(inputs())).rejects.toThrow("no credentials");
    await expect(provider.read("a", inputs())).rejects.toThrow("no credentials");
  });
});
