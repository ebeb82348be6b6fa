import fc from "fast-check";
import { type DtrClient, ListError } from "../../../provider/registries/dtr";
import type { Reply, Seen } from "../selectel/scripted-server";
import { connected, failure } from "./connected";

const tag = (name: string) => ({ name, digest: `sha256:${name}` });
const inRepository = { namespace: "a", repository: "b" };
const names = async (list: AsyncIterable<{ readonly name: string }>) => (await Array.fromAsync(list)).map(({ name }) => name);
const tags = (client: DtrClient) => names(client.tags.list(inRepository));
const query = ({ url }: Seen) => new URL(url, "http://x").searchParams;

/** Tags in order, paged as DTR does: the cursor is the first tag of the next page. */
const paged =
  (all: readonly string[], size: (asked: number, index: number) => number, last: Readonly<Record<string, string>> = {}) =>
  (request: Seen, index: number): Reply => {
    const asked = query(request);
    const start = all.indexOf(asked.get("pageStart") ?? all[0] ?? "");
    const end = start + size(Number(asked.get("pageSize")), index);
    const next = all[end];
    return { json: all.slice(start, end).map(tag), headers: next === undefined ? last : { "X-Next-Page-Start": next } };
  };

describe("lists by cursor", () => {
  const all = ["0000-a", "b&c=d", "ü/%2F", "e f", "g+h"];

  it("are read to the end, the cursor encoded", async () => {
    await connected(
      paged(all, () => 1),
      async ({ client, server }) => {
        expect(await tags(client)).toEqual(all);
        expect(server.lines()).toEqual(
          ["", "&pageStart=b%26c%3Dd", "&pageStart=%C3%BC%2F%252F", "&pageStart=e%20f", "&pageStart=g%2Bh"].map(
            (cursor) => `GET /api/v0/repositories/a/b/tags?pageSize=1${cursor}`,
          ),
        );
      },
      { pageSize: 1 },
    );
  });

  it("end with an empty header, too", async () => {
    await connected(
      paged(all, (asked) => asked, { "X-Next-Page-Start": "" }),
      async ({ client, server }) => {
        expect(await tags(client)).toEqual(all);
        expect(server.seen).toHaveLength(3);
      },
      { pageSize: 2 },
    );
  });

  it("do not end with a page that is short or empty", async () => {
    const pages: readonly Reply[] = [
      { json: [tag("a")], headers: { "x-next-page-start": "1" } },
      { json: [], headers: { "x-next-page-start": "2" } },
      { json: null, headers: { "x-next-page-start": "3" } },
      { json: [tag("b")] },
    ];
    await connected(
      (_, index) => pages[index] ?? { status: 500 },
      async ({ client }) => expect(await tags(client)).toEqual(["a", "b"]),
    );
  });

  it("give everything once, whatever the pages are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[!-~]{1,6}$/), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, sizes, pageSize) => {
          await connected(
            paged(all, (asked, index) => Math.min(asked, sizes[index % sizes.length] ?? 1)),
            async ({ client }) => expect(await tags(client)).toEqual(all),
            { pageSize },
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it("give an item once that moved to the next page meanwhile", async () => {
    await connected(
      (_, index) => (index === 0 ? { json: [tag("a"), tag("b")], headers: { "x-next-page-start": "b" } } : { json: [tag("b"), tag("c")] }),
      async ({ client }) => expect(await tags(client)).toEqual(["a", "b", "c"]),
    );
  });

  it("that go round in a circle are an error", async () => {
    await connected(
      (_, index) => ({ json: [tag(`${index}`)], headers: { "x-next-page-start": ["b", "c", "b"][index] ?? "c" } }),
      async ({ client, server }) => {
        const error = await failure(tags(client));
        expect(error).toBeInstanceOf(ListError);
        expect(error.message).toMatch(/^GET \/api\/v0\/repositories\/\{namespace\}\/\{repository\}\/tags: .*circle.*incomplete/);
        expect(server.seen).toHaveLength(3);
      },
    );
  });

  it("that always promise more are an error", async () => {
    await connected(
      (_, index) => ({ json: [tag("a")], headers: { "x-next-page-start": `${index}` } }),
      async ({ client, server }) => {
        expect(await failure(tags(client))).toBeInstanceOf(ListError);
        expect(server.seen.length).toBeLessThan(100);
      },
    );
  });

  it("are asked for only as far as somebody reads, and anew each time", async () => {
    await connected(
      paged(all, () => 1),
      async ({ client, server }) => {
        const list = client.tags.list(inRepository);
        expect(server.seen).toHaveLength(0);
        for (let time = 1; time <= 2; time++) {
          for await (const { name } of list) {
            expect(name).toBe(all[0]);
            break;
          }
          expect(server.seen).toHaveLength(time);
        }
      },
    );
  });

  it("fail with the page that fails", async () => {
    await connected(
      (_, index) =>
        index === 0
          ? { json: [tag("a")], headers: { "x-next-page-start": "b" } }
          : { status: 404, json: { errors: [{ code: "NO_SUCH_REPOSITORY", message: "gone" }] } },
      async ({ client }) => expect(await failure(tags(client))).toMatchObject({ status: 404, code: "NO_SUCH_REPOSITORY" }),
    );
  });

  it.each([
    ["an object", { json: {} }],
    ["nothing", { status: 204 }],
    ["broken JSON", { text: "[{" }],
    ["tags without names", { json: [{ digest: "sha256:a" }] }],
  ])("do not take %s for an empty list", async (_, reply: Reply) => {
    await connected(
      () => reply,
      async ({ client }) => expect(await failure(tags(client))).toMatchObject({ kind: "answer" }),
    );
  });

  it("that are posted send their body with each page", async () => {
    await connected(
      paged(["a", "b"], () => 1),
      async ({ client, server }) => {
        expect(await names(client.pruningPolicies.test({ ...inRepository, rules: [] }))).toEqual(["a", "b"]);
        expect(server.seen.map(({ method, body }) => [method, JSON.parse(body)])).toEqual(
          Array(2).fill(["POST", { rules: [], enabled: true }]),
        );
      },
    );
  });

  it("end by a signal", async () => {
    const controller = new AbortController();
    await connected(
      (request, index) => {
        if (index === 1) controller.abort();
        return paged(all, () => 1)(request, index);
      },
      async ({ client }) => {
        const list = client.tags.list(inRepository, { signal: controller.signal });
        expect(await failure(Array.fromAsync(list))).toMatchObject({ kind: "aborted" });
      },
    );
  });
});

describe("lists of accounts", () => {
  const account = (name: string) => ({ name, id: name, fullName: "", isOrg: true });
  const accounts = (client: DtrClient) => names(client.enzi.accounts.list());

  it.each([
    ["the header", (next: string): Reply => ({ headers: { "x-next-page-start": next } })],
    ["the answer", (next: string): Reply => ({ json: { nextPageStart: next } })],
    ["both", (next: string): Reply => ({ json: { nextPageStart: next }, headers: { "x-next-page-start": next && "otherwise written" } })],
  ])("go on where %s says", async (_, next) => {
    await connected(
      (request) => {
        const first = query(request).get("start") === null;
        const told = next(first ? "b&" : "");
        return { ...told, json: { accounts: [account(first ? "a" : "b&")], ...(told.json as object | undefined) } };
      },
      async ({ client, server }) => {
        expect(await accounts(client)).toEqual(["a", "b&"]);
        expect(server.lines()).toEqual(["GET /enzi/v0/accounts?limit=7", "GET /enzi/v0/accounts?limit=7&start=b%26"]);
      },
      { pageSize: 7 },
    );
  });

  it("that go round in a circle are an error", async () => {
    await connected(
      () => ({ json: { accounts: [account("a")], nextPageStart: "a" } }),
      async ({ client }) => expect(await failure(accounts(client))).toBeInstanceOf(ListError),
    );
  });
});

describe("lists by offset", () => {
  const job = (id: number) => ({ id: String(id), action: "gc", status: "done" });
  const ids = async (client: DtrClient) => (await Array.fromAsync(client.jobs.list())).map(({ id }) => id);
  /** Jobs, at most so many a page. */
  const jobs =
    (total: number, most: number) =>
    (request: Seen): Reply => {
      const [start, limit] = ["start", "limit"].map((name) => Number(query(request).get(name) ?? 0));
      const all = Array.from({ length: total }, (_, index) => job(index));
      return { json: { jobs: all.slice(start, (start ?? 0) + Math.min(limit ?? 0, most)) } };
    };

  it.each([
    [0, 100],
    [1, 100],
    [4, 100],
    [5, 100],
    // The server's own limit is lower than what is asked for.
    [5, 1],
  ])("are read until nothing new comes: %i jobs, at most %i a page", async (total, most) => {
    await connected(
      jobs(total, most),
      async ({ client }) => expect(await ids(client)).toEqual(Array.from({ length: total }, (_, index) => String(index))),
      { pageSize: 2 },
    );
  });

  it("give a job once that newer ones pushed to the next page", async () => {
    const pages = [[2, 1], [1, 0], [0], []];
    await connected(
      (_, index) => ({ json: { jobs: pages[index]?.map(job) } }),
      async ({ client, server }) => {
        expect(await ids(client)).toEqual(["2", "1", "0"]);
        expect(server.seen.map((request) => query(request).get("start"))).toEqual([null, "2", "4"]);
      },
      { pageSize: 2 },
    );
  });

  it("of a server that does not page are read once or twice", async () => {
    await connected(
      () => ({ json: { jobs: [job(1), job(2), job(3)] } }),
      async ({ client, server }) => {
        expect(await ids(client)).toEqual(["1", "2", "3"]);
        expect(server.seen.length).toBeLessThanOrEqual(2);
      },
      { pageSize: 2 },
    );
  });
});
