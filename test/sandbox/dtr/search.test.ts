import { fields, items, outcome, rig } from "./rig";

const names = (response: Parameters<typeof fields>[0], list: string) => items(response, list).map(({ name }) => name);

describe("index/autocomplete", () => {
  it("finds accounts by name, and repositories that the caller may see by path", async () => {
    const { call } = rig();
    const all = await call("GET", "index/autocomplete?query=e");
    expect(names(all, "accountResults")).toEqual(["dev", "member", "owner", "reader", "stranger", "team"]);
    expect(names(all, "repositoryResults")).toEqual(["own", "app", "open"]);
    expect(names(await call("GET", "index/autocomplete?query=team", { user: "stranger" }), "repositoryResults")).toEqual(["open"]);
  });

  it("is narrowed by kind, namespace and limit", async () => {
    const { call } = rig();
    const found = await call("GET", "index/autocomplete?query=e&includeAccounts=false&namespace=team&limit=1");
    expect([names(found, "accountResults"), names(found, "repositoryResults")]).toEqual([[], ["app"]]);
    expect(items(await call("GET", "index/autocomplete?query=e&includeRepositories=false"), "repositoryResults")).toEqual([]);
  });

  it("needs a query and a user", async () => {
    const { call } = rig();
    expect(outcome(await call("GET", "index/autocomplete"))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("GET", "index/autocomplete?query=a&includeAccounts=2"))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("GET", "index/autocomplete?query=a", { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});

describe("index/dockersearch", () => {
  it("finds what docker search shows", async () => {
    const { call } = rig({ repositories: { "team/open": { shortDescription: "for all" }, "team/app": { visibility: "private" } } });
    expect(fields(await call("GET", "index/dockersearch?q=team", { user: "stranger" }))).toEqual({
      num_results: 1,
      query: "team",
      results: [{ description: "for all", is_official: false, is_trusted: false, name: "team/open", star_count: 0 }],
    });
    expect(fields(await call("GET", "index/dockersearch?q=team")).num_results).toBe(2);
    expect(outcome(await call("GET", "index/dockersearch"))).toBe("400 INVALID_PARAMETERS");
    expect(outcome(await call("GET", "index/dockersearch?q=a", { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});
