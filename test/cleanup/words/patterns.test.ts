import fc from "fast-check";
import { compilePatterns, repositoryMatcher, splitPatterns } from "../../../provider/cleanup/policy/patterns";
import { PolicyError } from "../../../provider/cleanup/policy/policy-error";

const tags = (...patterns: string[]) => compilePatterns({ syntax: "glob", patterns }, "delete-tags");
const repositories = (...patterns: string[]) => compilePatterns({ syntax: "glob", patterns }, "repositories", "repositories");
const expressions = (...patterns: string[]) => compilePatterns({ syntax: "regex", patterns }, "delete-tags");

describe("globs of tags", () => {
  it.each([
    ["v*", ["v1", "v", "v1.2.3-rc.1"], ["xv1", "V1", "1"]],
    ["*", ["latest", "1.0", "_x"], []],
    ["**", ["latest", "1.0"], []],
    ["pr-?", ["pr-1"], ["pr-", "pr-12"]],
    ["1.*", ["1.0", "1.", "1..."], ["10", "1"]],
    ["*.sig", ["sha256-ab.sig", ".sig"], ["sig"]],
    ["[a-c]x", ["ax", "cx"], ["dx", "Ax"]],
    ["[!a-c]x", ["dx", "1x"], ["ax", "x"]],
    ["[^a-c]x", ["dx"], ["ax"]],
    ["[!.-]x", ["ax", "_x"], ["-x", ".x"]],
    ["[a-]x", ["ax", "-x"], ["bx"]],
    ["v{1,2}.*", ["v1.0", "v2.9"], ["v3.0", "v12.0"]],
    ["{a,b{c,d*}}", ["a", "bc", "bd", "bdx"], ["b", "c"]],
    ["v1{,-rc}", ["v1", "v1-rc"], ["v1-"]],
    ["latest", ["latest"], ["latest2", "Latest", "alatest"]],
    ["a.b", ["a.b"], ["axb"]],
  ])("%s", (pattern, matching, others) => {
    expect(matching.filter((text) => !tags(pattern)(text))).toEqual([]);
    expect(others.filter((text) => tags(pattern)(text))).toEqual([]);
  });

  it("take what a pattern with ! matches out of the list, wherever it stands in it", () => {
    for (const match of [tags("v*", "!v1.*"), tags("!v1.*", "v*")]) {
      expect(["v1.0", "v2.0", "x"].map(match)).toEqual([false, true, false]);
    }
  });

  it("match as a reader would work it out by hand", () => {
    const part = fc.oneof(fc.constantFrom("*", "?", "a", "b", ".", "-", "ab", "[ab]", "[!a]"));
    const glob = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
    const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "-", "c"), minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(glob, text, (pattern, tag) => {
        expect(tags(pattern)(tag)).toBe(byHand(pattern, tag));
      }),
      { numRuns: 1_000 },
    );
  });

  it("with many alternatives and many patterns match as one by one", () => {
    const glob = fc.array(fc.constantFrom("*", "a", "b", "{a,b*}", "?"), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.array(glob, { minLength: 1, maxLength: 12 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }),
        (list, tag) => {
          fc.pre(tag !== "");
          expect(tags(...list)(tag)).toBe(list.some((pattern) => tags(pattern)(tag)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("end at once, whatever the pattern and the longest tag", () => {
    const tag = `${"a".repeat(127)}b`;
    const began = performance.now();
    expect(tags(`${"*a".repeat(30)}*c`)(tag)).toBe(false);
    expect(tags(`${"{a,aa}".repeat(9)}*`)(tag)).toBe(true);
    expect(expressions("(a+)+c", "(a|aa)*c", "(.*a){30}c")(tag)).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000); // a backtracking engine needs years
  });

  it("are fast enough for 100,000 tags", () => {
    const match = tags("v*", "pr-*", "sha-???????", "*-rc*", "latest", "!v1.*");
    const all = Array.from({ length: 100_000 }, (_, index) => `v${index % 7}.${index % 100}.${index}`);
    const began = performance.now();
    expect(all.filter(match)).toHaveLength(100_000 - 14_286);
    expect(performance.now() - began).toBeLessThan(1_500); // about 40 ms; the machine may be busy
  });
});

describe("globs of repositories", () => {
  it.each([
    ["*", ["app", "team/app", "a/b/c"], []],
    ["**", ["app", "team/app"], []],
    ["team/*", ["team/app"], ["team", "team/a/b", "other/app"]],
    ["team/**", ["team/app", "team/a/b"], ["team", "teams/app"]],
    ["**/app", ["app", "team/app", "a/b/app"], ["team/app2", "xapp"]],
    ["a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["az", "a/bz"]],
    ["*/cache-*", ["a/cache-x"], ["a/b/cache-x", "cache-x"]],
    ["team/a?p", ["team/app"], ["team/a/p"]],
    ["team/[!x]", ["team/a"], ["team/x", "team//"]],
    ["{team,other}/{api,web*}", ["team/api", "other/web-1"], ["team/app"]],
    ["{team/**,other}", ["team/a/b", "other"], ["other/a"]],
  ])("%s", (pattern, matching, others) => {
    expect(matching.filter((text) => !repositories(pattern)(text))).toEqual([]);
    expect(others.filter((text) => repositories(pattern)(text))).toEqual([]);
  });

  it("that are all negative mean all but those", () => {
    expect(["team/app", "other/app"].map(repositories("!team/*"))).toEqual([false, true]);
    expect(["team/app", "other/app"].map(repositories("!*"))).toEqual([false, false]);
  });
});

describe("regular expressions", () => {
  it.each([
    ["v\\d+", ["v1", "v12"], ["v1.0", "av1"]],
    ["pr-", ["pr-"], ["pr-1"]],
    ["^pr-.*$", ["pr-1"], ["xpr-1"]],
    ["a|ab", ["a", "ab"], ["abc"]],
    ["(?i)latest", ["LATEST", "latest"], ["latest1"]],
  ])("%s matches the whole tag", (pattern, matching, others) => {
    expect(matching.filter((text) => !expressions(pattern)(text))).toEqual([]);
    expect(others.filter((text) => expressions(pattern)(text))).toEqual([]);
  });

  it("may name a group alike and keep their flags to themselves", () => {
    expect(["a", "b", "A"].map(expressions("(?P<x>a)", "(?P<x>b)"))).toEqual([true, true, false]);
    expect(["A", "B"].map(expressions("(?i)a", "b"))).toEqual([true, false]);
  });

  it("are taken out of the list by !", () => {
    expect(["v1", "v2"].map(expressions("v.*", "!v1"))).toEqual([false, true]);
  });
});

describe("repositoryMatcher", () => {
  it("knows repositories that are named outright, so that no catalog is needed", () => {
    const matcher = repositoryMatcher(["team/{api,web}", "other", "!team/web"]);
    expect(matcher).toMatchObject({ literals: ["team/api", "other"], needsCatalog: false });
    expect(["team/api", "team/web", "x"].map(matcher.matches)).toEqual([true, false, false]);
  });

  it.each([[["team/*", "app"]], [["!team/app"]], [["*"]]])("needs the catalog for %j", (patterns) => {
    expect(repositoryMatcher(patterns).needsCatalog).toBe(true);
  });

  it("refuses a list that takes out all that it names", () => {
    expect(() => repositoryMatcher(["app", "!app"])).toThrow("none is left");
  });
});

describe("what is wrong with a pattern", () => {
  it.each([
    ["", "is empty"],
    ["!", "is empty"],
    ["v1\\.2", "regular expression"],
    ["(a|b)", "write {a,b}"],
    ["team/app", "Name repositories apart"],
    ["app:v1", "the tag alone"],
    ["a b", "commas or new lines"],
    ["a,b", "alternatives in braces"],
    ["{a,b", "not closed"],
    ["a}", "not opened"],
    ["{a}", "at least two"],
    ["{1..3}", "[1-3]"],
    ["[ab", "bracket"],
    ["ab]", "bracket"],
    ["[]", "bracket"],
    ["[z-a]", "backwards"],
    ["a!b", "exclamation mark"],
    ["^a", "beginning to end"],
    ["!!a", "exclamation mark"],
    ["{a,b}".repeat(11), "more than 1000"],
    ["a".repeat(10_001), "at most 10000"],
    ["é", "never match"],
  ])("glob %s", (pattern, message) => {
    expect(() => tags("v*", pattern)).toThrow(PolicyError);
    expect(() => tags("v*", pattern)).toThrow(message);
    expect(() => tags("v*", pattern)).toThrow(/^delete-tags: /);
  });

  it.each([
    ["/app", "empty part"],
    ["app/", "empty part"],
    ["a//b", "empty part"],
    ["./app", 'the part "."'],
    ["team/**app", "a whole part"],
    ["reg.example.com:5000/app", "without host"],
    ["(a|b)/x", "always given as globs"],
  ])("glob of repositories %s", (pattern, message) => {
    expect(() => repositories(pattern)).toThrow(message);
    expect(() => repositories(pattern)).toThrow(PolicyError);
  });

  it.each([
    ["a(?=b)", "no look-ahead"],
    ["(a)\\1", "no look-ahead, look-behind or back-references"],
    ["(a", "missing closing"],
    ["*-rc", "set the pattern syntax to glob"],
    ["a{2000}", "may count to 1000"],
    ["a".repeat(10_001), "too long"],
  ])("expression %s", (pattern, message) => {
    expect(() => expressions(pattern)).toThrow(PolicyError);
    expect(() => expressions(pattern)).toThrow(message);
  });

  it("lists without patterns, and lists of tags that only take out", () => {
    expect(() => tags()).toThrow("no pattern");
    expect(() => tags("!v1")).toThrow("Put * before them");
  });
});

describe("splitPatterns", () => {
  it.each([
    ["v*, pr-*\nlatest", ["v*", "pr-*", "latest"]],
    ["{a,b}c,d{e,{f,g}}", ["{a,b}c", "d{e,{f,g}}"]],
    ["# releases\nv*\n\n  # more\r\n !v1 ,,", ["v*", "!v1"]],
    ["", []],
  ])("%j", (text, patterns) => {
    expect(splitPatterns(text)).toEqual(patterns);
  });

  it("divides expressions by new lines only", () => {
    expect(splitPatterns("a{1,3},b\nc", "regex")).toEqual(["a{1,3},b", "c"]);
  });
});

/** A second reading of globs without braces: the definition, letter by letter. */
function byHand(glob: string, text: string): boolean {
  if (glob === "") return text === "";
  if (glob.startsWith("*")) return byHand(glob.slice(1), text) || (text !== "" && byHand(glob, text.slice(1)));
  if (text === "") return false;
  if (glob.startsWith("[")) {
    const end = glob.indexOf("]");
    const negated = glob[1] === "!";
    const isIn = glob.slice(negated ? 2 : 1, end).includes(text.charAt(0));
    return isIn !== negated && byHand(glob.slice(end + 1), text.slice(1));
  }
  return (glob[0] === "?" || glob[0] === text[0]) && byHand(glob.slice(1), text.slice(1));
}
