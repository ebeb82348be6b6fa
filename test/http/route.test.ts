import fc from "fast-check";
import type { HttpRequest } from "../../provider/http";
import { expand, RouteError } from "../../provider/http/route";

const path = (route: string, parameters: Record<string, string> = {}, more: Partial<HttpRequest> = {}) =>
  expand({ method: "GET", route, path: parameters, ...more });

describe("a path parameter", () => {
  it.each([
    ["/a/{x}", { x: "b" }, "/a/b"],
    ["/a/{x}/c", { x: "b/c" }, "/a/b%2Fc/c"],
    ["/a/{+x}/c", { x: "b/c" }, "/a/b/c/c"],
    ["/a/{x}", { x: "sha256:ab" }, "/a/sha256%3Aab"],
    ["/a/{+x}", { x: "sha256:ab" }, "/a/sha256:ab"],
    ["/a/{+x}", { x: "a b?c#d%2F" }, "/a/a%20b%3Fc%23d%252F"],
    ["/a/{x}:delete", { x: "b" }, "/a/b:delete"],
    ["/a/{x}{y}", { x: "1", y: "2" }, "/a/12"],
    ["/a", {}, "/a"],
    ["/", {}, "/"],
  ])("%s with %j is %s", (route, parameters, expected) => {
    expect(path(route, parameters)).toBe(expected);
  });

  it("is encoded as a URL's own methods do it, segment by segment", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "Z", "0", "_", "-", ".", "~", ":", "%", " ", "é", "/"), minLength: 1 }), (x) => {
        const segments = x.split("/");
        if (segments.some((one) => one === "." || one === "..")) return;
        expect(path("/{x}", { x })).toBe(`/${encodeURIComponent(x)}`);
        if (segments.includes("")) return;
        expect(path("/{+x}", { x })).toBe(`/${segments.map((one) => encodeURIComponent(one).replaceAll("%3A", ":")).join("/")}`);
      }),
    );
  });

  it.each([
    ["missing", "/a/{x}", {}, '"x" is missing or empty'],
    ["empty", "/a/{x}", { x: "" }, '"x" is missing or empty'],
    ["inherited", "/a/{constructor}", {}, '"constructor" is missing or empty'],
    ["..", "/a/{x}", { x: ".." }, '"." or ".." segment'],
    [".", "/a/{+x}", { x: "." }, '"." or ".." segment'],
    ["b/../c", "/a/{x}", { x: "b/../c" }, '"." or ".." segment'],
    ["b/../c", "/a/{+x}", { x: "b/../c" }, '"." or ".." segment'],
    ["..\\c", "/a/{x}", { x: "..\\c" }, '"." or ".." segment'],
    ["/b", "/a/{+x}", { x: "/b" }, "empty segment"],
    ["b//c", "/a/{+x}", { x: "b//c" }, "empty segment"],
    ["half a surrogate pair", "/a/{x}", { x: "\ud800" }, "not valid Unicode"],
  ])("that is %s is refused", (_what, route, parameters, reason) => {
    expect(() => path(route, parameters)).toThrow(RouteError);
    expect(() => path(route, parameters)).toThrow(reason);
  });

  it.each(["a", "/a?b=1", "/a#b", "/a b", "/a/{x", "/a/{}", "/a/x}"])("in the route %s cannot be", (route) => {
    expect(() => path(route, { x: "1" })).toThrow(RouteError);
  });

  it("of any text stays within its segment and can be read back", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !/(?:^|[/\\])\.\.?(?:$|[/\\])/.test(value));
    fc.assert(
      fc.property(text, (value) => {
        const [, first, middle = "", last, ...more] = path("/a/{x}/b", { x: value }).split("/");
        expect([first, decodeURIComponent(middle), last, more]).toEqual(["a", value, "b", []]);
        expect(new URL(path("/a/{x}/b", { x: value }), "http://host").pathname.split("/")).toHaveLength(4);
      }),
    );
  });
});

describe("a query", () => {
  it.each([
    [{ a: 1, b: true, c: "x y", d: undefined }, "?a=1&b=true&c=x%20y"],
    [{ scope: ["repository:a/b:pull", "&="] }, "?scope=repository%3Aa%2Fb%3Apull&scope=%26%3D"],
    [{ a: [] }, ""],
    [{}, ""],
    [{ "a&b": "" }, "?a%26b="],
  ])("%j is %s", (query, expected) => {
    expect(path("/p", {}, { query })).toBe(`/p${expected}`);
  });
});

describe("secret parameters", () => {
  it("are masked where they are shown and sent as they are", () => {
    const request: HttpRequest = {
      method: "GET",
      route: "/token/{token}/{id}",
      path: { token: "t/1", id: "7" },
      query: { key: ["k1", "k2"], n: 1 },
      secretParameters: ["token", "key"],
    };
    expect([expand(request), expand(request, true)]).toEqual(["/token/t%2F1/7?key=k1&key=k2&n=1", "/token/***/7?key=***&key=***&n=1"]);
  });
});
