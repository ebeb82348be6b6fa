import * as fc from "fast-check";
import { findProject, findRepository, ListError } from "../../../provider/registries/registryui";
import { keyList } from "../../../provider/registries/registryui/key-list";
import type { Page } from "../../../provider/registries/registryui/schemas";
import type { Seen } from "../selectel/scripted-server";
import { connected, failure } from "./connected";

interface Server {
  readonly keys: readonly string[];
  /** Whether `total` counts only what comes after `startAfter`. */
  readonly totals: "after" | "all" | "none" | "wrong";
  readonly maxTake: number;
  readonly collation: "binary" | "ignore-case";
}

/** A list as a server with these habits gives it, and what was asked. */
function list({ keys, totals, maxTake, collation }: Server, take: number) {
  const fold = (key: string) => (collation === "binary" ? key : key.toLowerCase());
  const order = [...keys].sort((a, b) => (fold(a) < fold(b) ? -1 : fold(a) > fold(b) ? 1 : 0));
  const asked: (string | undefined)[] = [];
  const fetch = async (page: { readonly take: number; readonly startAfter?: string }): Promise<Page<string>> => {
    asked.push(page.startAfter);
    const { startAfter } = page;
    const rest = startAfter === undefined ? order : order.filter((key) => fold(key) > fold(startAfter));
    const entries = rest.slice(0, Math.min(page.take, maxTake));
    const total = { after: rest.length, all: keys.length, none: undefined, wrong: entries.length }[totals];
    return { ...(total !== undefined && { total }), entries };
  };
  return { asked, all: () => Array.fromAsync(keyList({ of: "GET /tags", take, key: (key: string) => key, fetch })) };
}

describe("a list that pages by key", () => {
  it("has every entry once, whatever total counts, however short the pages are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom(..."ab-.12"), minLength: 1, maxLength: 4 }), { maxLength: 30 }),
        fc.constantFrom("after" as const, "all" as const, "none" as const),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        async (keys, totals, maxTake, take) => {
          const { all } = list({ keys, totals, maxTake, collation: "binary" }, take);
          expect((await all()).sort()).toEqual([...keys].sort());
        },
      ),
    );
  });

  it("loses nothing where the server takes two keys for equal, or says so", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom(..."aAbB"), minLength: 1, maxLength: 3 }), { maxLength: 20 }),
        fc.constantFrom("after" as const, "all" as const),
        fc.integer({ min: 2, max: 12 }),
        async (keys, totals, take) => {
          const { all } = list({ keys, totals, maxTake: 100, collation: "ignore-case" }, take);
          try {
            expect((await all()).sort()).toEqual([...keys].sort());
          } catch (error) {
            expect(error).toBeInstanceOf(ListError);
          }
        },
      ),
    );
  });

  it("is walked again with other pages where one of two such keys stood at the end of a page", async () => {
    const { all } = list({ keys: ["a", "b", "v1", "V1"], totals: "after", maxTake: 100, collation: "ignore-case" }, 3);
    expect(await all()).toEqual(["a", "b", "v1", "V1"]);
  });

  it("goes on after a full page even if total claims that it was all", async () => {
    const { all } = list({ keys: ["a", "b", "c", "d", "e"], totals: "wrong", maxTake: 100, collation: "binary" }, 2);
    expect(await all()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("needs one request where one page holds everything", async () => {
    const { all, asked } = list({ keys: ["a", "b"], totals: "after", maxTake: 100, collation: "binary" }, 10);
    await all();
    expect(asked).toEqual([undefined]);
  });

  it("that ends although total counts more is an error, not a short list", async () => {
    const fetch = async (): Promise<Page<string>> => ({ total: 3, entries: [] });
    await expect(Array.fromAsync(keyList({ of: "GET /tags", take: 10, key: String, fetch }))).rejects.toThrow("0 of 3 items came");
  });

  it("that goes round in a circle is an error", async () => {
    const fetch = async (): Promise<Page<string>> => ({ entries: ["a", "b"] });
    await expect(Array.fromAsync(keyList({ of: "GET /tags", take: 2, key: String, fetch }))).rejects.toThrow(ListError);
  });

  it("that shrinks while it is read ends where it ends", async () => {
    const keys = ["a", "b", "c", "d"];
    const fetch = async ({ startAfter }: { startAfter?: string }): Promise<Page<string>> => {
      const rest = keys.filter((key) => startAfter === undefined || key > startAfter);
      const page = { total: rest.length, entries: rest.slice(0, 2) };
      keys.splice(keys.length - 1, 1);
      return page;
    };
    expect(await Array.fromAsync(keyList({ of: "GET /tags", take: 2, key: String, fetch }))).toContain("a");
  });
});

/** RegistryUI's lists over these paths; `tags` knows those of `known`. */
const over =
  (paths: readonly string[], known: readonly string[] = paths) =>
  ({ url }: Seen) => {
    const { pathname, searchParams } = new URL(url, "http://x");
    if (pathname.endsWith("/tags")) {
      const there = known.includes(searchParams.get("repository") ?? "");
      return { json: there ? { error: null, total: 0, count: 0, entries: [] } : { error: "The repository does not exist.", data: false } };
    }
    const rest = [...paths].sort().filter((path) => path > (searchParams.get("startAfter") ?? ""));
    const entries = rest.slice(0, Number(searchParams.get("take"))).map((fullPath) => ({ fullPath }));
    return { json: { error: null, total: rest.length, count: entries.length, entries } };
  };

describe("looking for one repository", () => {
  const many = Array.from({ length: 50 }, (_, n) => `app-${String(n).padStart(2, "0")}`);

  it("begins near it and takes one request where it is there", async () => {
    await connected(
      over(many),
      async ({ client, server }) => {
        expect((await findRepository(client, "app-49"))?.fullPath).toBe("app-49");
        expect(server.lines()).toEqual(["GET /udr/v1api/repositories?startAfter=app-4&take=10"]);
      },
      { pageSize: 10 },
    );
  });

  it("finds exactly the path: neither what begins so nor what lies below", async () => {
    await connected(over(["team/app/sub", "team/app2", "team"]), async ({ client }) => {
      expect(await findRepository(client, "team/app")).toBeUndefined();
      expect(await findProject(client, "team/app")).toBeUndefined();
    });
  });

  it("finds a project that the list does not show because it is empty", async () => {
    await connected(over([], ["team/app"]), async ({ client }) => {
      expect(await findProject(client, "team/app")).toEqual({ fullPath: "team/app", unlisted: true });
    });
  });

  it("does not believe a server that has an empty list of tags for everything", async () => {
    await connected(over([], ["team/app", "registry-as-code/no-such-repository"]), async ({ client }) => {
      expect(await findProject(client, "team/app")).toBeUndefined();
    });
  });

  it("is no use while the registry is offline", async () => {
    await connected(
      () => ({ json: { error: "OFFLINE", total: 0, count: 0, entries: [] } }),
      async ({ client }) => {
        expect((await failure(findProject(client, "team/app"))).message).toContain("the registry is offline");
      },
    );
  });
});
