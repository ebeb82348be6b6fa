import {
  collectGarbage,
  createProject,
  isExisting,
  isOffline,
  registryUiOptionsFromEnv,
  StillCollecting,
  setOffline,
  setOnline,
  whileOffline,
} from "../../../provider/registries/registryui";
import type { Reply, Seen } from "../selectel/scripted-server";
import { connected, failure } from "./connected";

const done = { json: { error: null, data: true } };
const project = { error: null, data: { fullPath: "team/app", title: "App" } };
const list = (entries: readonly object[]) => ({ json: { error: null, total: entries.length, count: entries.length, entries } });
const posts = (seen: readonly Seen[]) => seen.filter(({ method }) => method === "POST");

/** Gives the next of several replies to each call of one path; the last one stays. */
function script(replies: Readonly<Record<string, readonly Reply[]>>): (request: Seen) => Reply {
  const given = new Map<string, number>();
  return ({ url }) => {
    const path = url.replace(/^\/udr\/v1api\//, "").replace(/\?.*/, "");
    const all = replies[path];
    if (!all) return { status: 404, text: `no ${path}` };
    const n = given.get(path) ?? 0;
    given.set(path, n + 1);
    return all[Math.min(n, all.length - 1)] ?? { status: 500 };
  };
}
const offline = (value: boolean): Reply => ({ json: { error: null, data: value } });

describe("createProject", () => {
  it("takes a project that is there after a lost answer for its own, and sends nothing again", async () => {
    let made = false;
    await connected(
      ({ method }) => {
        if (method === "GET") return list(made ? [{ fullPath: "team/app", title: "App" }] : []);
        made = true;
        return { reset: true };
      },
      async ({ client, server }) => {
        expect(await createProject(client, { repository: "team/app", title: "App" })).toMatchObject({ title: "App" });
        expect(posts(server.seen)).toHaveLength(1);
      },
    );
  });

  it("asks again when the lists prove that nothing was made", async () => {
    let posted = 0;
    await connected(
      ({ method, url }) => {
        if (method === "GET") return url.includes("/tags") ? { json: { error: "unknown", data: false } } : list([]);
        posted++;
        return posted === 1 ? { reset: true } : { json: project };
      },
      async ({ client, server }) => {
        expect(await createProject(client, { repository: "team/app" })).toMatchObject({ fullPath: "team/app" });
        expect(posts(server.seen)).toHaveLength(2);
      },
    );
  });

  it("takes EXISTS after a lost answer for its own late effect", async () => {
    let posted = 0;
    let visible = false;
    await connected(
      ({ method, url }) => {
        if (method === "GET")
          return url.includes("/tags") ? { json: { error: "unknown", data: false } } : list(visible ? [{ fullPath: "team/app" }] : []);
        posted++;
        visible = posted > 1;
        return posted === 1 ? { reset: true } : { json: { error: "EXISTS", data: false } };
      },
      async ({ client }) => {
        expect(await createProject(client, { repository: "team/app" })).toMatchObject({ fullPath: "team/app" });
      },
    );
  });

  it("leaves a project that was there before to whom it belongs, even when the answer is lost", async () => {
    for (const reply of [{ json: { error: "EXISTS", data: false } }, { reset: true }]) {
      await connected(
        ({ method }) => (method === "GET" ? list([{ fullPath: "team/app" }]) : reply),
        async ({ client, server }) => {
          const error = await failure(createProject(client, { repository: "team/app" }));
          expect(isExisting(error) || error.message.includes("It is unknown whether the request took effect")).toBe(true);
          expect(posts(server.seen)).toHaveLength(1);
        },
      );
    }
  });
});

describe("setOffline and setOnline", () => {
  it.each([
    { set: setOffline, path: "setoffline", wanted: true },
    { set: setOnline, path: "setonline", wanted: false },
  ])("$path looks what became of a lost answer before it is sent again", async ({ set, path, wanted }) => {
    await connected(script({ [path]: [{ reset: true }], isoffline: [offline(wanted)] }), async ({ client, server }) => {
      await set(client);
      expect(posts(server.seen)).toHaveLength(1);
    });
    await connected(
      script({ [path]: [{ reset: true }, done], isoffline: [offline(!wanted), offline(wanted)] }),
      async ({ client, server }) => {
        await set(client);
        expect(posts(server.seen)).toHaveLength(2);
      },
    );
  });

  it("say so where the server did not do what it said", async () => {
    await connected(script({ setoffline: [done], isoffline: [offline(false)] }), async ({ client }) => {
      await expect(setOffline(client)).rejects.toThrow("is online although it has just been set offline");
    });
  });
});

describe("whileOffline", () => {
  const refused = { json: { error: "OFFLINE", data: false } };

  it("waits for a registry that comes back", async () => {
    await connected(script({ repositories: [refused, refused, list([])] }), async ({ client, clock }) => {
      let told = 0;
      const found = await whileOffline(() => Array.fromAsync(client.repositories.list()), {
        deadline: 60_000,
        clock,
        onOffline: () => told++,
      });
      expect(found).toEqual([]);
      expect(told).toBe(1);
      expect(clock.slept).toEqual([5_000, 5_000]);
    });
  });

  it("gives the error of its own at the end, never an empty list", async () => {
    await connected(script({ repositories: [refused] }), async ({ client, clock }) => {
      const error = await failure(whileOffline(() => Array.fromAsync(client.repositories.list()), { deadline: 12_000, clock }));
      expect(isOffline(error)).toBe(true);
      expect(clock.slept).toEqual([5_000, 5_000, 2_000]);
    });
  });

  it("does not repeat any other failure", async () => {
    await connected(script({ repositories: [{ json: { error: "NOTAUTHORIZED", data: false } }] }), async ({ client, server, clock }) => {
      await failure(whileOffline(() => Array.fromAsync(client.repositories.list()), { deadline: 60_000, clock }));
      expect(server.seen).toHaveLength(1);
    });
  });
});

describe("collectGarbage", () => {
  const lost: readonly [string, Reply][] = [
    ["the connection is lost", { reset: true }],
    ["a proxy gives up", { status: 504, text: "Gateway Time-out" }],
    [
      "a proxy says so with a page",
      { status: 502, text: "<html><title>Bad Gateway</title></html>", headers: { "content-type": "text/html" } },
    ],
    ["a page comes in place of the answer", { text: "<html><title>Login</title></html>", headers: { "content-type": "text/html" } }],
  ];

  it("is over when the call answers, and asks nothing else", async () => {
    await connected(script({ garbagecollection: [done] }), async ({ client, server, clock }) => {
      await collectGarbage(client, { deadline: 3_600_000, clock });
      expect(server.lines()).toEqual(["POST /udr/v1api/garbagecollection"]);
    });
  });

  it.each(lost)("waits until the registry is online when %s, and posts once", async (_what, reply) => {
    await connected(
      script({ garbagecollection: [reply], isoffline: [offline(false), offline(true), offline(true), offline(false)] }),
      async ({ client, server, clock }) => {
        await collectGarbage(client, { deadline: 3_600_000, clock });
        expect(posts(server.seen)).toHaveLength(1);
        expect(server.seen).toHaveLength(5);
      },
    );
  });

  it("says that nobody knows where the registry was never seen offline, and posts once", async () => {
    await connected(script({ garbagecollection: [{ reset: true }], isoffline: [offline(false)] }), async ({ client, server, clock }) => {
      await expect(collectGarbage(client, { deadline: 3_600_000, clock })).rejects.toThrow("nobody knows whether it collected its garbage");
      expect(posts(server.seen)).toHaveLength(1);
    });
  });

  it("gives up at its deadline while the registry is offline, and posts once", async () => {
    await connected(script({ garbagecollection: [{ reset: true }], isoffline: [offline(true)] }), async ({ client, server, clock }) => {
      await expect(collectGarbage(client, { deadline: 60_000, clock })).rejects.toThrow(StillCollecting);
      expect(posts(server.seen)).toHaveLength(1);
    });
  });

  it("waits for a registry that is offline already, ten minutes at the most", async () => {
    const refused = { json: { error: "OFFLINE", data: false } };
    await connected(script({ garbagecollection: [refused, refused, done] }), async ({ client, server, clock }) => {
      await collectGarbage(client, { deadline: 3_600_000, clock });
      expect(posts(server.seen)).toHaveLength(3);
    });
    await connected(script({ garbagecollection: [refused] }), async ({ client, clock }) => {
      const begin = clock.now();
      expect(isOffline(await failure(collectGarbage(client, { deadline: 3_600_000, clock })))).toBe(true);
      expect(clock.now() - begin).toBe(600_000);
    });
  });

  it.each([
    ["NOTAUTHORIZED", "NOTAUTHORIZED"],
    ["the registry exited with code 1", "the server says: the registry exited with code 1"],
  ])("passes on %s and waits for nothing", async (text, message) => {
    await connected(script({ garbagecollection: [{ json: { error: text, data: false } }] }), async ({ client, server, clock }) => {
      await expect(collectGarbage(client, { deadline: 60_000, clock })).rejects.toThrow(message);
      expect(server.seen).toHaveLength(1);
    });
  });
});

describe("the environment", () => {
  it("gives address, user and token; empty variables count as unset", () => {
    expect(registryUiOptionsFromEnv({ REGISTRYUI_URL: "https://r", REGISTRYUI_USERNAME: "u", REGISTRYUI_TOKEN: "t", OTHER: "x" })).toEqual({
      url: "https://r",
      username: "u",
      token: "t",
    });
    expect(registryUiOptionsFromEnv({ REGISTRYUI_URL: "", REGISTRYUI_USERNAME: undefined })).toEqual({});
  });
});
