import fc from "fast-check";
import { isNameUnknown, parseRepository } from "../../../provider/registries/oci";
import { pages } from "../../../provider/registries/oci/pages";
import { ociError, type Reply, type Seen, scripted } from "./scripted";

const repository = parseRepository("team/app");
const all = async <T>(list: AsyncIterable<T>) => Array.fromAsync(list);
const tags = (list: readonly string[] | null | undefined, link?: string): Reply => ({
  json: { name: "team/app", tags: list },
  ...(link !== undefined && { headers: { link } }),
});
const many = (count: number, prefix = "t") => Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(5, "0")}`);

/** A server that gives the n-th page to the n-th request. */
function book(...replies: (Reply | ((request: Seen, url: string) => Reply))[]) {
  let n = 0;
  return scripted((request, url) => {
    const reply = replies[n++] ?? { status: 500 };
    return typeof reply === "function" ? reply(request, url) : reply;
  });
}

describe("a list of tags", () => {
  it.each([
    ["null, as docker-registry gives it after the last manifest was deleted", { tags: null }],
    ["absent", { name: "team/app" }],
    ["empty", { tags: [] }],
  ])("is empty when it is %s", async (_, json) => {
    const server = await book({ json });
    expect(await all(server.client().tags(repository))).toEqual([]);
  });

  it("is not taken to be empty when the answer is no list of tags: somebody else answered", async () => {
    const server = await book({ json: {} });
    await expect(all(server.client().tags(repository))).rejects.toThrow("no list of names");
    const other = await book({ json: {} });
    await expect(all(other.client().catalog())).rejects.toThrow("no list of names");
  });

  it("that is not sorted and longer than was asked for is taken as it is (docker-registry 2.8.2)", async () => {
    const list = ["v2", ...many(1200), "a"];
    const server = await book(tags(list));
    expect(await all(server.client().tags(repository))).toEqual(list);
    expect(server.lines()).toEqual(["GET /v2/team/app/tags/list?n=1000"]);
  });

  it.each([
    ["relative to the host", () => '</v2/team/app/tags/list?n=1000&last=b>; rel="next"'],
    ["relative to the page", () => "<list?n=1000&last=b>; rel=next"],
    ["absolute", (url: string) => `<${url}/v2/team/app/tags/list?n=1000&last=b>; rel="next"`],
    ["only a query", () => '<?n=1000&last=b>; rel="next"'],
  ])("goes on behind a short page whose link is %s", async (_, link) => {
    const server = await book((_request, url) => tags(["a", "b"], link(url)), tags(["c"]));
    expect(await all(server.client().tags(repository))).toEqual(["a", "b", "c"]);
    expect(server.lines()[1]).toBe("GET /v2/team/app/tags/list?n=1000&last=b");
  });

  it("follows a link that is not percent-encoded (zot)", async () => {
    const server = await book(
      { json: { repositories: ["a"] }, headers: { link: '</v2/_catalog?last=team/a b&n=1>; rel="next"' } },
      { json: { repositories: ["b"] } },
    );
    expect(await all(server.client().catalog())).toEqual(["a", "b"]);
    expect(server.seen[1]?.query.get("last")).toBe("team/a b");
  });

  it("is not followed to another origin", async () => {
    const other = await scripted(() => tags(["stolen"]));
    const server = await book(tags(["a"], `<${other.url}/v2/team/app/tags/list>; rel="next"`));
    await expect(all(server.client().tags(repository))).rejects.toThrow(/another origin/);
    expect(other.seen).toEqual([]);
  });

  it("ends with an error when links go round in a circle", async () => {
    const server = await scripted((_, url) => tags(["a", "b"], `<${url}/v2/team/app/tags/list?last=b>; rel="next"`));
    await expect(all(server.client().tags(repository))).rejects.toThrow(/round in a circle.*incomplete/);
    expect(server.seen.length).toBeLessThan(4);
  });

  it("ends with an error when ever new links bring nothing new", async () => {
    let n = 0;
    const server = await scripted(() => tags(["a"], `</v2/team/app/tags/list?page=${n++}>; rel="next"`));
    await expect(all(server.client().tags(repository))).rejects.toThrow(/round in a circle/);
    expect(server.seen.length).toBeLessThan(100);
  });

  it("asks once more with `last` behind a full page without link", async () => {
    const first = many(1000);
    const server = await book(tags(first), tags(["zz"]));
    expect(await all(server.client().tags(repository))).toEqual([...first, "zz"]);
    expect(server.lines()[1]).toBe("GET /v2/team/app/tags/list?n=1000&last=t00999");
  });

  it("asks once more behind a page of a round length, for servers that cap pages and say nothing", async () => {
    const server = await book(tags(many(100)), tags(many(100, "u")), tags([]));
    expect(await all(server.client().tags(repository))).toHaveLength(200);
  });

  it("ends when a server that ignores `last` repeats itself", async () => {
    const server = await scripted(() => tags(many(1000)));
    expect(await all(server.client().tags(repository))).toHaveLength(1000);
    expect(server.seen).toHaveLength(2);
  });

  it("holds each tag once, though pages overlap", async () => {
    const server = await book(tags(["a", "b", "b"], '</v2/team/app/tags/list?last=a>; rel="next"'), tags(["b", "c"]));
    expect(await all(server.client().tags(repository))).toEqual(["a", "b", "c"]);
  });

  it.each([
    ["a 404 in the middle, as zot gives when `last` was deleted", { status: 404 }],
    ["a page that is no JSON", { body: "<html>", headers: { "content-type": "text/html" } }],
    ["a page whose tags are no list", { json: { tags: "a,b" } }],
    ["a page with a tag that cannot be", { json: { tags: ["../etc"] } }],
  ])("never ends early: %s is an error", async (_, page) => {
    const server = await book(tags(["a"], '</v2/team/app/tags/list?last=a>; rel="next"'), page, page, page, page, page);
    await expect(all(server.client().tags(repository))).rejects.toThrow(/tags\/list/);
  });

  it("of a repository that the registry does not know is an error that can be told", async () => {
    const server = await book(ociError(404, "NAME_UNKNOWN", "repository name not known to registry"));
    const failure = await all(server.client().tags(repository)).catch((error: unknown) => error);
    expect(isNameUnknown(failure)).toBe(true);
    expect(String(failure)).toContain("repository name not known to registry");
  });

  it("where there is no such route is another error", async () => {
    const server = await book({ status: 404, body: "404 page not found\n", headers: { "content-type": "text/plain; charset=utf-8" } });
    const failure = await all(server.client().tags(repository)).catch((error: unknown) => error);
    expect(isNameUnknown(failure)).toBe(false);
    expect(String(failure)).toContain("No such route");
  });

  it("is asked for without page size where the registry allows only smaller ones", async () => {
    const server = await book(
      ociError(400, "PAGINATION_NUMBER_INVALID"),
      tags(["a"], '</v2/team/app/tags/list?last=a&n=1>; rel="next"'),
      tags(["b"]),
    );
    expect(await all(server.client().tags(repository))).toEqual(["a", "b"]);
    expect(server.lines()[1]).toBe("GET /v2/team/app/tags/list");
  });
});

describe("a list of repositories", () => {
  it("is empty behind the last full page of docker-registry", async () => {
    const server = await book(
      { json: { repositories: ["a", "b"] }, headers: { link: '</v2/_catalog?last=b&n=2>; rel="next"' } },
      { json: { repositories: [] } },
    );
    expect(await all(server.client().catalog({ pageSize: 2 }))).toEqual(["a", "b"]);
    expect(server.lines()[0]).toBe("GET /v2/_catalog?n=2");
  });

  it.each([
    ["404", { status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } }],
    ["405", ociError(405, "UNSUPPORTED")],
  ])("that the registry does not give (%s) is an error that says so", async (_, reply) => {
    const server = await book(reply);
    await expect(all(server.client().catalog())).rejects.toThrow(/does not list its repositories/);
  });
});

describe("every split into pages", () => {
  it("gives the same list: with links, with or without overlap, or by `last` alone", async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { maxLength: 40 }).map((list) => list.sort());
    const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(names, sizes, fc.integer({ min: 0, max: 3 }), async (list, lengths, overlap) => {
        let turn = 0;
        // Stands for the network: the n-th page begins where the link of the one before says, some entries earlier.
        const send = async (request: { url?: string }) => {
          const at = Number(new URL(request.url ?? "http://r/?at=0").searchParams.get("at"));
          const size = lengths[turn++ % lengths.length] ?? 1;
          // Two empty pages in a row with the same link would be a circle.
          const end = Math.min(at + Math.max(size, 1), list.length);
          const link = end < list.length ? `</?at=${end}>; rel="next"` : undefined;
          const body = JSON.stringify(list.slice(Math.max(at - overlap, 0), end));
          return { status: 200, url: "http://r/", body: Buffer.from(body), headers: { get: () => link, all: () => (link ? [link] : []) } };
        };
        const http = { baseUrl: new URL("http://r"), send, json: fail, stream: fail, once: fail, close: async () => undefined };
        const listing = {
          http,
          request: { method: "GET" as const, route: "/" },
          pageSize: 1000,
          read: readNames,
          key: (name: string) => name,
        };
        expect((await all(pages(listing))).flat()).toEqual(list);
      }),
    );
  });
});

function readNames(answer: { body: Buffer }): string[] {
  return JSON.parse(answer.body.toString());
}

function fail(): never {
  throw new Error("not expected");
}
