import * as fc from "fast-check";
import { ListError } from "../../../provider/registries/list-error";
import { type OffsetPage, type OffsetReading, type OffsetReadings, offsetList } from "../../../provider/registries/paging";
import { connected } from "./connected";
import type { Reply, Seen } from "./scripted-server";

interface Server {
  readonly items: string[];
  readonly reading: OffsetReading | "ignored";
  /** The server's own page limit. */
  readonly cap: number;
  readonly totals: boolean;
}

function page(server: Server, limit: number, offset: number): OffsetPage<string> {
  const size = Math.min(limit, server.cap);
  const begin = server.reading === "items" ? offset : offset * size;
  const items = server.reading === "ignored" ? server.items : server.items.slice(begin, begin + size);
  return { items, ...(server.totals && { total: server.items.length }) };
}

async function read(server: Server, limit: number, readings: OffsetReadings = new Map(), meanwhile: (request: number) => void = () => {}) {
  const offsets: number[] = [];
  const fetch = async ({ limit, offset }: { limit: number; offset: number }) => {
    offsets.push(offset);
    const answer = page(server, limit, offset);
    meanwhile(offsets.length);
    return answer;
  };
  const items: string[] = [];
  for await (const item of offsetList({ of: "GET /things", limit, key: (name) => name, fetch, readings })) items.push(item);
  return { items, offsets };
}

const named = (count: number) => Array.from({ length: count }, (_, index) => `item${String(index).padStart(4, "0")}`);

const servers = fc.record({
  items: fc.integer({ min: 0, max: 120 }).map(named),
  reading: fc.constantFrom<Server["reading"]>("items", "pages"),
  cap: fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 20 })),
  totals: fc.boolean(),
});
const limits = fc.integer({ min: 1, max: 130 });

describe("a list paged by offset", () => {
  it("gives every item once and in order, whichever way the server reads offset, whatever its page limit, with totals or without", async () => {
    await fc.assert(
      fc.asyncProperty(servers, limits, async (server, limit) => {
        expect((await read(server, limit)).items).toEqual(server.items);
      }),
      { numRuns: 400 },
    );
  });

  it("does so again with what it remembers of the server, which may have grown or shrunk", async () => {
    await fc.assert(
      fc.asyncProperty(servers, limits, fc.integer({ min: 0, max: 120 }).map(named), async (server, limit, later) => {
        const readings: OffsetReadings = new Map();
        await read(server, limit, readings);
        expect((await read({ ...server, items: later }, limit, readings)).items).toEqual(later);
      }),
      { numRuns: 200 },
    );
  });

  it("never takes one reading for the other", async () => {
    await fc.assert(
      fc.asyncProperty(servers, limits, async (server, limit) => {
        const readings: OffsetReadings = new Map();
        await read(server, limit, readings);
        // Pages of one item read the same either way.
        const certain = Math.min(server.cap, limit, server.items.length) > 1;
        if (certain && readings.size > 0) expect(readings.get("GET /things")).toBe(server.reading);
      }),
      { numRuns: 200 },
    );
  });

  it("finds its way although the remembered reading is wrong, where there are totals", async () => {
    for (const reading of ["items", "pages"] as const) {
      const readings: OffsetReadings = new Map([["GET /things", reading === "items" ? "pages" : "items"]]);
      const { items } = await read({ items: named(35), reading, cap: 1_000, totals: true }, 10, readings);
      expect([...items].sort()).toEqual(named(35));
    }
  });

  it("misses nothing that is there all the time while others delete, where there are totals", async () => {
    await fc.assert(
      fc.asyncProperty(servers, fc.integer({ min: 2, max: 40 }), fc.array(fc.nat(), { maxLength: 3 }), async (server, limit, victims) => {
        const gone = new Set<string>();
        const meanwhile = () => {
          const victim = victims.pop();
          if (victim === undefined || server.items.length === 0) return;
          for (const name of server.items.splice(victim % server.items.length, 1)) gone.add(name);
        };
        const before = [...server.items];
        const { items } = await read({ ...server, items: server.items, totals: true }, limit, new Map(), meanwhile);
        expect(new Set(items).size).toBe(items.length);
        for (const name of before) if (!gone.has(name)) expect(items).toContain(name);
      }),
      { numRuns: 200 },
    );
  });

  it("takes all from a server that does not page", async () => {
    for (const totals of [true, false]) {
      for (const count of [0, 1, 5, 10, 11, 200]) {
        expect((await read({ items: named(count), reading: "ignored", cap: 1, totals }, 10)).items).toEqual(named(count));
      }
    }
  });

  const costs: [string, Omit<Server, "items">, number, number[]][] = [
    ["one request where the total says that it is all", { reading: "items", cap: 100, totals: true }, 7, [0]],
    ["one request for nothing", { reading: "items", cap: 100, totals: false }, 0, [0]],
    ["one request where more comes than was asked for: the server does not page", { reading: "ignored", cap: 1, totals: false }, 25, [0]],
    ["one more where nothing says that it is all", { reading: "items", cap: 100, totals: false }, 7, [0, 1]],
    ["items after the probe", { reading: "items", cap: 100, totals: true }, 25, [0, 1, 11, 21]],
    ["pages after the probe", { reading: "pages", cap: 100, totals: true }, 25, [0, 1, 2]],
  ];
  it.each(costs)("costs %s", async (_, server, count, expected) => {
    expect((await read({ ...server, items: named(count) }, 10)).offsets).toEqual(expected);
  });

  it("costs no probe the second time", async () => {
    const readings: OffsetReadings = new Map();
    const server: Server = { items: named(25), reading: "items", cap: 100, totals: true };
    await read(server, 10, readings);
    expect((await read(server, 10, readings)).offsets).toEqual([0, 10, 20]);
  });

  it("throws rather than end early", async () => {
    const items = named(10);
    const fetch = async ({ offset }: { offset: number }) => ({ items: offset < 10 ? items.slice(offset, offset + 5) : [], total: 12 });
    const list = offsetList({ of: "GET /things", limit: 5, key: (name: string) => name, fetch, readings: new Map() });
    const error = await (async () => {
      for await (const _ of list);
    })().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListError);
    expect(error).toMatchObject({ received: 10, total: 12, message: expect.stringContaining("10 of 12 items") });
  });

  it("does not believe a total that is less than what has come", async () => {
    const items = named(25);
    const fetch = async ({ offset }: { offset: number }) => ({ items: items.slice(offset, offset + 10), total: 0 });
    const found: string[] = [];
    for await (const item of offsetList({ of: "x", limit: 10, key: (name: string) => name, fetch, readings: new Map() })) found.push(item);
    expect(found).toEqual(items);
  });

  it("ends with a server that answers the same page for ever", async () => {
    const fetch = async () => ({ items: named(10) });
    const found: string[] = [];
    for await (const item of offsetList({ of: "x", limit: 10, key: (name: string) => name, fetch, readings: new Map() })) found.push(item);
    expect(found).toEqual(named(10));
  });
});

describe("the client's lists", () => {
  const answer =
    (reading: OffsetReading, count: number, wrap: (items: { id: string; name: string }[], query: URLSearchParams) => Reply) =>
    ({ url }: Seen): Reply => {
      const query = new URL(url, "http://x").searchParams;
      const limit = Number(query.get("limit") ?? 10);
      const offset = Number(query.get("offset") ?? 0);
      const begin = reading === "items" ? offset : offset * limit;
      const items = named(count).map((name) => ({ id: name, name, status: "ACTIVE" }));
      return wrap(items.slice(begin, begin + limit), query);
    };
  const bare = (items: unknown[]): Reply => (items.length === 0 ? { status: 204 } : { json: items });

  it.each(["items", "pages"] as const)("of v1 read all of 45 registries from a server whose offset counts %s", async (reading) => {
    await connected(
      answer(reading, 45, bare),
      async ({ client, server }) => {
        const names: string[] = [];
        for await (const { name } of client.v1.registries.list()) names.push(name);
        expect(names).toEqual(named(45));
        for (const { url } of server.seen) expect(url).toContain("limit=20");
      },
      { pageSize: 20 },
    );
  });

  it.each(["items", "pages"] as const)("of v2 read all of 45 registries from a server whose offset counts %s", async (reading) => {
    await connected(
      answer(reading, 45, (registries) => ({ json: { registries, totalCount: 45 } })),
      async ({ client }) => {
        const names: string[] = [];
        for await (const { name } of client.v2.registries.list()) names.push(name);
        expect(names).toEqual(named(45));
      },
      { pageSize: 20 },
    );
  });

  it("can be read several times", async () => {
    await connected(
      () => ({ json: { registries: [{ id: "1", name: "a" }], totalCount: 1 } }),
      async ({ client, server }) => {
        const list = client.v2.registries.list();
        for (const _ of [1, 2]) for await (const { name } of list) expect(name).toBe("a");
        expect(server.seen).toHaveLength(2);
      },
    );
  });

  it("do not take a total for that of a search unless the service says so", async () => {
    await connected(
      ({ url }) => ({ json: { registries: url.includes("offset") ? [] : [{ id: "1", name: "a" }], totalCount: 500 } }),
      async ({ client }) => {
        const found: string[] = [];
        for await (const { id } of client.v2.registries.list({ search: "a" })) found.push(id);
        expect(found).toEqual(["1"]);
      },
    );
  });

  it("end early only with an error", async () => {
    await connected(
      ({ url }) => ({ json: { images: url.includes("offset") ? [] : [{ digest: "sha256:1" }], totalCount: 500 } }),
      async ({ client }) => {
        const list = client.v2.images.list({ id: "r", name: "x" });
        await expect(list[Symbol.asyncIterator]().next()).resolves.toMatchObject({ value: { digest: "sha256:1" } });
        const whole = (async () => {
          for await (const _ of list);
        })();
        await expect(whole).rejects.toThrow("1 of 500 items");
      },
    );
  });
});
