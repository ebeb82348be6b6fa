import fc from "fast-check";
import { image, push } from "../images";
import { testStore } from "../store";
import { createOciApi, type OciSwitches } from ".";
import { ask, codesOf } from "./ask";

function registry(tags: readonly string[], switches: OciSwitches = {}) {
  const { store, clock } = testStore();
  push(store, "team/app", tags, image());
  return { store, api: createOciApi({ store, clock, ...switches }) };
}

async function allPages(api: ReturnType<typeof registry>["api"], start: string): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for (let next: string | undefined = start; next !== undefined; ) {
    const { json, headers } = await ask(api, "GET", next);
    pages.push(Object.values(json as object).find(Array.isArray) ?? []);
    next = /^<(.*)>; rel="next"$/.exec(String(headers.link ?? ""))?.[1];
  }
  return pages;
}

describe("GET /v2/", () => {
  it("says that it is a V2 registry", async () => {
    const { api } = registry([]);
    expect(await ask(api, "GET", "/v2/")).toMatchObject({ status: 200, headers: { "docker-distribution-api-version": "registry/2.0" } });
    expect(await ask(api, "GET", "/v2")).toMatchObject({ status: 301, headers: { location: "/v2/" } });
    expect(await ask(api, "POST", "/v2/")).toMatchObject({ status: 405 });
  });

  it.each([
    "/",
    "/v1/",
    "/v2/team/app",
    "/v2/TEAM/tags/list",
    "/v2/team/app/manifests/-bad",
    "/v2/%zz/tags/list",
    `/v2/app/manifests/${"x".repeat(129)}`,
  ])("has no route %s: plain text, as distribution's router answers", async (path) => {
    const answer = await ask(registry([]).api, "GET", path);
    expect(answer).toMatchObject({ status: 404, body: "404 page not found\n" });
  });
});

describe("GET tags/list", () => {
  it("sorts by ASCII", async () => {
    const { api } = registry(["v2", "V1", "_x", "1.0", "v10"]);
    const { json } = await ask(api, "GET", "/v2/team/app/tags/list");
    expect(json).toEqual({ name: "team/app", tags: ["1.0", "V1", "_x", "v10", "v2"] });
  });

  it("takes an encoded slash in the name as one", async () => {
    expect(await ask(registry(["v1"]).api, "GET", "/v2/team%2Fapp/tags/list")).toMatchObject({ status: 200 });
  });

  it("knows only repositories that exist", async () => {
    const answer = await ask(registry([]).api, "GET", "/v2/team/none/tags/list");
    expect(answer.status).toBe(404);
    expect(answer.json).toEqual({
      errors: [{ code: "NAME_UNKNOWN", message: "repository name not known to registry", detail: { name: "team/none" } }],
    });
  });

  it("gives an empty list, not null, for a repository without tags", async () => {
    expect((await ask(registry([]).api, "GET", "/v2/team/app/tags/list")).json).toEqual({ name: "team/app", tags: [] });
  });

  it.each([
    { query: "n=2", tags: ["a", "b"], link: '</v2/team/app/tags/list?n=2&last=b>; rel="next"' },
    { query: "n=2&last=b", tags: ["c", "d"], link: undefined },
    { query: "n=3", tags: ["a", "b", "c"], link: '</v2/team/app/tags/list?n=3&last=c>; rel="next"' },
    { query: "n=4", tags: ["a", "b", "c", "d"], link: undefined },
    { query: "n=0", tags: [], link: undefined },
    { query: "last=bb", tags: ["c", "d"], link: undefined },
    { query: "last=z", tags: [], link: undefined },
  ])("pages by $query", async ({ query, tags, link }) => {
    const answer = await ask(registry(["d", "a", "c", "b"]).api, "GET", `/v2/team/app/tags/list?${query}`);
    expect(answer.json).toEqual({ name: "team/app", tags });
    expect(answer.headers.link).toBe(link);
  });

  it.each(["-1", "abc", "1.5"])("refuses n=%s", async (n) => {
    const answer = await ask(registry([]).api, "GET", `/v2/team/app/tags/list?n=${n}`);
    expect([answer.status, codesOf(answer)]).toEqual([400, ["PAGINATION_NUMBER_INVALID"]]);
  });

  it("gives at most 1,000 at once", async () => {
    const tags = Array.from({ length: 1_001 }, (_, at) => `t${String(at).padStart(4, "0")}`);
    const pages = await allPages(registry(tags).api, "/v2/team/app/tags/list");
    expect(pages.map((page) => page.length)).toEqual([1_000, 1]);
    expect(pages.flat()).toEqual(tags);
  });

  it("gives every tag once over all pages, whatever n is", async () => {
    const tag = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,4}$/);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(tag), fc.integer({ min: 1, max: 7 }), async (tags, n) => {
        const pages = await allPages(registry(tags).api, `/v2/team/app/tags/list?n=${n}`);
        expect(pages.flat()).toEqual([...tags].sort());
        expect(pages.every((page) => page.length <= n)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("is GET only", async () => {
    for (const method of ["HEAD", "POST"])
      expect(await ask(registry([]).api, method, "/v2/team/app/tags/list")).toMatchObject({ status: 405, headers: { allow: "GET" } });
  });

  it("as distribution 2.8: unsorted, without pages, null when empty", async () => {
    const tags = ["v1", "v2", "latest", "docker1", "V10", "v10", "a", "Zeta"];
    const { api } = registry(tags, { paging: "distribution-2.8" });
    const answer = await ask(api, "GET", "/v2/team/app/tags/list?n=2&last=a");
    const given = (answer.json as { tags: string[] }).tags;
    expect([...given].sort()).toEqual([...tags].sort());
    expect(given).not.toEqual([...tags].sort());
    expect(answer.headers.link).toBeUndefined();
    const empty = registry([], { paging: "distribution-2.8" }).api;
    expect((await ask(empty, "GET", "/v2/team/app/tags/list")).json).toEqual({ name: "team/app", tags: null });
  });
});

describe("faults that only a list can play", () => {
  it("short-page: half of the page, and a Link to the rest", async () => {
    const { api } = registry(["a", "b", "c", "d"]);
    const answer = await ask(api, "GET", "/v2/team/app/tags/list?n=4", { fault: "short-page" });
    expect(answer).toMatchObject({ json: { tags: ["a", "b"] }, headers: { link: '</v2/team/app/tags/list?n=4&last=b>; rel="next"' } });
  });

  it("looped-link: the page gives itself as the next", async () => {
    const answer = await ask(registry(["a", "b"]).api, "GET", "/v2/team/app/tags/list?n=1", { fault: "looped-link" });
    expect(answer.headers.link).toBe('</v2/team/app/tags/list?n=1>; rel="next"');
  });

  it("stale-list: what the same request was told before, or nothing", async () => {
    const { api, store } = registry(["a"]);
    const list = (fault?: "stale-list") => ask(api, "GET", "/v2/team/app/tags/list", fault && { fault });
    expect((await list("stale-list")).json).toEqual({ name: "team/app", tags: [] });
    await list();
    push(store, "team/app", "b", image());
    expect((await list("stale-list")).json).toEqual({ name: "team/app", tags: ["a"] });
    expect((await list()).json).toEqual({ name: "team/app", tags: ["a", "b"] });
  });
});

describe("GET /v2/_catalog", () => {
  function catalog(count: number, switches: OciSwitches = {}) {
    const { store, clock } = testStore();
    const names = Array.from({ length: count }, (_, at) => `team/app${String(at).padStart(3, "0")}`);
    for (const name of names) store.createRepository(name);
    return { names, api: createOciApi({ store, clock, ...switches }) };
  }

  it("pages over all repositories", async () => {
    const { names, api } = catalog(5);
    expect(await allPages(api, "/v2/_catalog?n=2")).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
    expect((await ask(api, "GET", "/v2/_catalog?n=2")).headers.link).toBe('</v2/_catalog?n=2&last=team%2Fapp001>; rel="next"');
  });

  it("as distribution 2.8: 100 at once, a Link after every full page, and a wrong n ignored", async () => {
    const { names, api } = catalog(200, { paging: "distribution-2.8" });
    expect(await allPages(api, "/v2/_catalog")).toEqual([names.slice(0, 100), names.slice(100), []]);
    expect((await ask(api, "GET", "/v2/_catalog?n=abc")).status).toBe(200);
  });

  it("refuses more than 1,000, and can be switched off", async () => {
    const answer = await ask(catalog(1).api, "GET", "/v2/_catalog?n=1001");
    expect([answer.status, codesOf(answer)]).toEqual([400, ["PAGINATION_NUMBER_INVALID"]]);
    expect((await ask(catalog(1, { catalog: false }).api, "GET", "/v2/_catalog")).status).toBe(404);
  });
});
