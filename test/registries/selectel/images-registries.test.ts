import type { Sandbox } from "../../sandbox";
import { image, push } from "../../sandbox/images";
import type { SelectelSwitches } from "../../sandbox/selectel";
import { manifestsOf, onSandbox } from "./images-rig";

const one = image({ layers: ["one"] });
const nothing = () => {};

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: Error) => error,
  );
}

describe("a project's repositories", () => {
  it.each<Partial<SelectelSwitches>>([
    { offset: "items", emptyList: "204" },
    { offset: "pages", emptyList: "200" },
    { offset: "items", maxLimit: 2 },
    { offset: "pages", maxLimit: 2 },
  ])("are those of all registries, over all pages: %j", async (selectel) => {
    const names = ["a", "b", "c", "d/e", "f"];
    await onSandbox({ selectel, pageSize: 3 }, nothing, async ({ images, sandbox, registry }) => {
      const all: string[] = [];
      for (const name of ["alpha", "beta", "gamma", "team"]) {
        if (name !== "team") await registry(name);
        for (const repository of names) {
          push(sandbox.store, `${name}/${repository}`, "v1", one);
          all.push(`${name}/${repository}`);
        }
      }
      await registry("void");
      expect((await Array.fromAsync(images.repositories())).sort()).toEqual(all.sort());
    });
  });

  it("need not be listed for one that is named: its registry is searched for", async () => {
    const fill = ({ store }: Sandbox) => push(store, "team/app", "v1", one);
    await onSandbox({}, fill, async ({ images, registry, asked, forget }) => {
      // The service finds parts of names.
      await registry("team-two");
      await registry("a-team");
      forget();
      await images.inventory("team/app");
      expect(asked().filter((line) => line.includes("registries"))).toEqual(["GET registries?team", "GET registries/*/repositories/*"]);
      await images.inventory("team/app");
      expect(asked().filter((line) => line.includes("registries"))).toHaveLength(2);
    });
  });

  it("say what kind of repositories they are, which is not asked again", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", ["v1", "v2"], one),
      async ({ images, asked, forget }) => {
        await Array.fromAsync(images.repositories());
        forget();
        await images.inventory("team/app");
        expect(asked().filter((line) => line.includes("registries"))).toEqual([]);
      },
    );
  });

  it.each([
    ["CREATING", { createPolls: 99 }],
    ["DELETING", { deletePolls: 99 }],
  ] as const)("in a registry that is %s are left out, and that is said", async (status, selectel) => {
    await onSandbox({ selectel: { ...selectel, ...(status === "CREATING" && { createPolls: 0 }) } }, nothing, async (rig) => {
      const { images, sandbox, client, lines, registry } = rig;
      push(sandbox.store, "team/app", "v1", one);
      if (status === "CREATING") {
        Object.assign(sandbox.selectel?.state.switches ?? {}, { createPolls: 99 });
        await client.v1.registries.create({ name: "later" });
      } else {
        const id = await registry("later");
        push(sandbox.store, "later/app", "v1", one);
        await client.v1.registries.delete({ id });
      }
      expect(await Array.fromAsync(images.repositories())).toEqual(["team/app"]);
      expect(lines).toEqual([`The registry later was left out: its status is ${status}.`]);
      expect((await failure(images.inventory("later/app"))).message).toBe(
        `The registry later is in status ${status}: there is nothing in it to clean up.`,
      );
    });
  });

  it("in a registry in status ERROR are listed if it tells them, else the list fails at its end", async () => {
    await onSandbox({}, nothing, async ({ images, sandbox, client, lines }) => {
      Object.assign(sandbox.selectel?.state.switches ?? {}, { createResult: "ERROR", createPolls: 0 });
      const { id } = await client.v1.registries.create({ name: "broken" });
      push(sandbox.store, "team/app", "v1", one);
      push(sandbox.store, "broken/app", "v1", one);
      expect(await Array.fromAsync(images.repositories())).toEqual(["broken/app", "team/app"]);
      expect(lines).toEqual(["Warning: the registry broken is in status ERROR."]);
      sandbox.control.inject({
        api: "selectel",
        path: `/registries/${id}/repositories$`,
        times: 99,
        fault: { kind: "status", status: 500 },
      });
      const found: string[] = [];
      const list = (async () => {
        for await (const name of images.repositories()) found.push(name);
      })();
      expect((await failure(list)).message).toMatch(
        /^The registry broken is in status ERROR, and its repositories cannot be listed: .*500/,
      );
      expect(found).toEqual(["team/app"]);
    });
  });

  it("in a registry that collects garbage are read as ever", async () => {
    await onSandbox(
      { selectel: { gcPolls: 9_999 } },
      ({ store }) => push(store, "team/app", "v1", one),
      async ({ images, client, lines }) => {
        const [team] = await Array.fromAsync(client.v1.registries.list());
        await client.v1.garbageCollection.start({ id: team?.id ?? "" });
        expect(await Array.fromAsync(images.repositories())).toEqual(["team/app"]);
        expect((await images.inventory("team/app")).tags.size).toBe(1);
        expect(lines).toEqual([]);
      },
    );
  });

  it.each(["/registries$", "/repositories$"])("throw rather than end early: %s", async (path) => {
    for (const fault of [
      { kind: "status", status: 500 },
      { kind: "status", status: 403 },
      { kind: "html" },
      { kind: "broken-json" },
    ] as const) {
      await onSandbox(
        {},
        ({ store }) => push(store, "team/app", "v1", one),
        async ({ images, sandbox }) => {
          sandbox.control.inject({ api: "selectel", path, times: 99, fault });
          await expect(Array.fromAsync(images.repositories())).rejects.toThrow();
        },
      );
    }
  });

  it.each(["string", "nested", "message", "html", "empty"] as const)("is unknown whatever form the error has: %s", async (errorBody) => {
    await onSandbox(
      { selectel: { errorBody } },
      ({ store }) => push(store, "team/app", "v1", one),
      async ({ images }) => {
        expect(await failure(images.inventory("team/none"))).toMatchObject({ name: "RepositoryUnknown" });
        expect(await failure(images.inventory("none/app"))).toMatchObject({ name: "RepositoryUnknown" });
      },
    );
  });
});

describe("garbage collection", () => {
  it("is one for each registry: what no manifest names goes, what has no tag stays", async () => {
    const loose = image({ layers: ["loose"] });
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", undefined, loose);
    };
    await onSandbox({ selectel: { untaggedChildren: "collected" } }, fill, async ({ images, sandbox, registry, asked, forget }) => {
      await registry("other");
      forget();
      const collection = images.garbageCollection;
      expect(collection?.scope("team/deep/app")).toBe("team");
      expect(await Array.fromAsync(collection?.scopes() ?? [])).toEqual(["other", "team"]);
      await images.delete("team/app", manifestsOf({ digest: one.digest, tags: ["v1"] }), { placeholder: false });
      expect(sandbox.store.blob(one.blobs[1]?.digest ?? "")).toBeDefined();
      const lines: string[] = [];
      await collection?.collect("team", { onProgress: (line) => lines.push(line) });
      expect(sandbox.store.blob(one.blobs[1]?.digest ?? "")).toBeUndefined();
      expect([...(sandbox.store.repository("team/app")?.manifests.keys() ?? [])]).toEqual([loose.digest]);
      expect(asked().filter((line) => line.startsWith("POST registries"))).toEqual(["POST registries/*/garbage-collection"]);
      expect(lines[0]).toBe("Garbage collection in team has begun; nobody can push meanwhile.");
      expect(lines.at(-1)).toBe("Garbage collection in team: ACTIVE.");
    });
  });

  it("waits out another one, and gives up at its deadline", async () => {
    await onSandbox({ selectel: { gcPolls: 4 }, images: { deadline: 60_000 } }, nothing, async ({ images, client, sandbox }) => {
      const [team] = await Array.fromAsync(client.v1.registries.list());
      await client.v1.garbageCollection.start({ id: team?.id ?? "" });
      await images.garbageCollection?.collect("team", {});
      Object.assign(sandbox.selectel?.state.switches ?? {}, { gcPolls: 9_999 });
      expect((await failure(images.garbageCollection?.collect("team", {}) ?? Promise.resolve())).name).toBe("DeadlineExceeded");
      await expect(images.garbageCollection?.collect("none", {})).rejects.toThrow("There is no registry none in this project.");
    });
  });

  it("leaves registries out that cannot be worked on", async () => {
    await onSandbox({}, nothing, async ({ images, sandbox, client }) => {
      Object.assign(sandbox.selectel?.state.switches ?? {}, { createResult: "ERROR", createPolls: 0 });
      await client.v1.registries.create({ name: "broken" });
      expect(await Array.fromAsync(images.garbageCollection?.scopes() ?? [])).toEqual(["team"]);
    });
  });
});

describe("the view as a whole", () => {
  it("is called like the registry host, and says what it can", async () => {
    await onSandbox({}, nothing, async ({ images, client }) => {
      expect(images.name).toBe(client.registryHost);
      expect(images).toMatchObject({ type: "selectel", capabilities: { untagged: "listed", batchSize: 100, creationTime: "build" } });
    });
  });

  it.each([true, false])("closes the client if it owns it: %p", async (ownsClient) => {
    await onSandbox({}, nothing, async ({ another, client }) => {
      let closed = false;
      const close = client.close.bind(client);
      client.close = async () => {
        closed = true;
      };
      await another({ ownsClient }).close();
      client.close = close;
      expect(closed).toBe(ownsClient);
    });
  });
});
