import fc from "fast-check";
import { nextLink, parseLinks } from "../../provider/http";

describe("the next page", () => {
  it.each<[string, string[], string | undefined]>([
    ["docker-registry's", ['</v2/_catalog?last=a%2Fb&n=2>; rel="next"'], "/v2/_catalog?last=a%2Fb&n=2"],
    [
      "an absolute one",
      ['<https://registry.example/v2/a/tags/list?n=2&last=x>; rel="next"'],
      "https://registry.example/v2/a/tags/list?n=2&last=x",
    ],
    [
      "zot's, not percent-encoded, with comma and semicolon",
      ["</v2/ä b/tags/list?n=2&last=a,b;c>; rel=next"],
      "/v2/ä b/tags/list?n=2&last=a,b;c",
    ],
    ["one among others", ['</first>; rel="first", </n>; title="a, \\"b\\"; c"; rel="prev next", </last>; rel=last'], "/n"],
    ["in another header", ['</first>; rel="first"', "</n>; REL=NEXT"], "/n"],
    ["the first of two", ["</a>; rel=next, </b>; rel=next"], "/a"],
    ["with spaces", ['  < /a >  ;  rel = "next"  '], "/a"],
    ["of a first rel that says otherwise", ['</a>; rel=prev; rel="next"'], undefined],
    ["none of that name", ['</a>; rel="nextish"'], undefined],
    ["without rel", ["</a>"], undefined],
    ["an empty one", ["<>; rel=next"], undefined],
    ["without brackets", ["/a; rel=next"], undefined],
    ["no header", [], undefined],
  ])("%s", (_what, headers, expected) => {
    expect(nextLink(headers)).toBe(expected);
  });

  it("of any links is found", () => {
    const uri = fc.stringMatching(/^\/[a-z0-9,;=?&% "]{0,20}[a-z]$/);
    const links = fc.array(fc.record({ uri, rel: fc.constantFrom("next", "prev", "first") }), { maxLength: 5 });
    fc.assert(
      fc.property(links, (all) => {
        const header = all.map((link) => `<${link.uri}>; rel="${link.rel}"; title="</fake>; rel=next"`).join(", ");
        expect(parseLinks([header]).map((link) => link.uri)).toEqual(all.map((link) => link.uri));
        expect(nextLink([header])).toBe(all.find(({ rel }) => rel === "next")?.uri);
      }),
    );
  });

  it("of any text that a header can hold (16 KiB) is looked for and the search ends soon", () => {
    const started = performance.now();
    for (const text of [
      "<".repeat(16_000),
      "<a>;".repeat(4_000),
      '<a>; b="'.repeat(2_000),
      `<a>${" ;".repeat(8_000)}`,
      `<a>;${"a".repeat(16_000)}`,
      `<a>${";a = ".repeat(3_000)}`,
    ])
      nextLink([text]);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
