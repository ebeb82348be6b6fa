import fc from "fast-check";
import { parseChallenges } from "../../provider/http";

const parsed = (...headers: string[]) =>
  parseChallenges(headers).map(({ scheme, parameters, token68 }) => [
    scheme,
    Object.fromEntries(parameters),
    ...(token68 === undefined ? [] : [token68]),
  ]);

describe("WWW-Authenticate", () => {
  it.each<[string, string[], unknown[]]>([
    ["docker-registry's Basic", ['Basic realm="basic-realm"'], [["basic", { realm: "basic-realm" }]]],
    [
      "docker-registry's Bearer",
      [
        'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push repository:c:pull",error="invalid_token"',
      ],
      [
        [
          "bearer",
          {
            realm: "https://auth.example/token",
            service: "registry",
            scope: "repository:a/b:pull,push repository:c:pull",
            error: "invalid_token",
          },
        ],
      ],
    ],
    ["zot's unquoted lower case", ["basic realm=zot"], [["basic", { realm: "zot" }]]],
    [
      "an unquoted URL",
      ["Bearer realm=https://auth.example/token?a=b,service=x"],
      [["bearer", { realm: "https://auth.example/token?a=b", service: "x" }]],
    ],
    ["names in any case", ['BEARER Realm="a",SERVICE=b'], [["bearer", { realm: "a", service: "b" }]]],
    [
      "several headers",
      ['Basic realm="a"', 'Bearer realm="b"'],
      [
        ["basic", { realm: "a" }],
        ["bearer", { realm: "b" }],
      ],
    ],
    [
      "several in one header",
      ['Basic realm="a, b", Bearer realm="c",service="d", Negotiate'],
      [
        ["basic", { realm: "a, b" }],
        ["bearer", { realm: "c", service: "d" }],
        ["negotiate", {}],
      ],
    ],
    ["escapes", ['Basic realm="a \\"b\\" \\\\ c"'], [["basic", { realm: 'a "b" \\ c' }]]],
    [
      "a token68",
      ["Negotiate YIIB/+==, Basic realm=x"],
      [
        ["negotiate", {}, "YIIB/+=="],
        ["basic", { realm: "x" }],
      ],
    ],
    ["spaces around =", ['Bearer realm = "a" , service = b'], [["bearer", { realm: "a", service: "b" }]]],
    ["the first of two", ['Bearer realm="a",realm="b"'], [["bearer", { realm: "a" }]]],
    ["a scheme alone", ["Basic"], [["basic", {}]]],
    ["empty elements", [", ,Basic realm=a,,"], [["basic", { realm: "a" }]]],
    [
      "no spaces but commas",
      ["Bearer realm=a,Basic realm=b"],
      [
        ["bearer", { realm: "a" }],
        ["basic", { realm: "b" }],
      ],
    ],
    ["a quote without end", ['Bearer realm="abc'], [["bearer", { realm: "abc" }]]],
    ["nothing", [""], []],
    ["nothing at all", [], []],
  ])("%s", (_what, headers, expected) => {
    expect(parsed(...headers)).toEqual(expected);
  });

  it("of any challenges is parsed back into them", () => {
    const token = fc.stringMatching(/^[A-Za-z][A-Za-z0-9\-._]{0,10}$/);
    const challenge = fc.record({
      scheme: token,
      parameters: fc.dictionary(
        token.map((name) => name.toLowerCase()),
        fc.stringMatching(/^[ -~]{0,20}$/),
        { minKeys: 1, maxKeys: 4, noNullPrototype: true },
      ),
    });
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), fc.boolean(), (challenges, together) => {
        const texts = challenges.map(
          ({ scheme, parameters }) =>
            `${scheme} ${Object.entries(parameters)
              .map(([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&")}"`)
              .join(", ")}`,
        );
        expect(parsed(...(together ? [texts.join(", ")] : texts))).toEqual(
          challenges.map(({ scheme, parameters }) => [scheme.toLowerCase(), parameters]),
        );
      }),
    );
  });

  it("of any text ends, and soon", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "=", '"', "\\", ",", " ", "Basic ", "\t"), maxLength: 300 }), (header) => {
        parseChallenges([header]);
      }),
    );
    const started = performance.now();
    parseChallenges([`Basic ${'a="\\'.repeat(20_000)}`]);
    parseChallenges([`${"a=".repeat(20_000)} ,`]);
    parseChallenges([" ".repeat(50_000)]);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
