import fc from "fast-check";
import { customTokenName, defaultTokenName, familyOf, parseTokenName, type Run, TokenRequestError } from "../../provider/tokens";

const eight = (text = "0011223344556677") => Buffer.from(text, "hex");
const run: Run = { repository: "octo/app", runId: "123456", attempt: "1", job: "build" };
const random = fc.uint8Array({ minLength: 8, maxLength: 8 });
const owner = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/);
const repositoryName = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);
const runs = fc.record({
  repository: fc.tuple(owner, repositoryName).map(([left, right]) => `${left}/${right}`),
  runId: fc.nat().map(String),
  attempt: fc.integer({ min: 1, max: 99 }).map(String),
  job: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,99}$/),
});

describe("The name of a job's token", () => {
  it("says repository, run, attempt and job, and ends in a nonce", () => {
    const name = defaultTokenName(run, () => eight());
    expect(name.base).toBe("gha.octo.app.123456.1.build");
    expect(name.text).toMatch(/^gha\.octo\.app\.123456\.1\.build-0011223344556677[0-9a-f]{8}$/);
    expect(name.text).toBe(`${name.base}-${name.nonce}`);
  });

  it.each([
    ["a dot", { ...run, repository: "octo/octo.github.io" }, "gha.octo.octo_dgithub_dio.123456.1.build"],
    ["an underscore", { ...run, job: "build_it" }, "gha.octo.app.123456.1.build__it"],
    ["capitals, which GitHub does not tell apart", { ...run, repository: "Octo/App" }, "gha.octo.app.123456.1.build"],
    ["another character", { ...run, job: "bäu" }, "gha.octo.app.123456.1.b_xe4_u"],
  ])("takes %s", (_, given, base) => {
    expect(defaultTokenName(given, () => eight()).base).toBe(base);
  });

  it.each(["", "octo", "/app", "octo/"])("is not made of the repository %j", (repository) => {
    expect(() => defaultTokenName({ ...run, repository }, () => eight())).toThrow(/GITHUB_REPOSITORY/);
  });

  it("is at most 200 characters long, in harmless characters, and can be read back", () => {
    fc.assert(
      fc.property(runs, random, (given, bytes) => {
        const name = defaultTokenName(given, () => bytes);
        expect(name.text).toMatch(/^[\w.-]{1,200}$/);
        expect(parseTokenName(name.text)).toEqual(name);
      }),
    );
  });

  it("shares its family with those of the same repository alone", () => {
    fc.assert(
      fc.property(runs, runs, (one, other) => {
        const [left, right] = [defaultTokenName(one, () => eight()), defaultTokenName(other, () => eight())];
        const same = one.repository.toLowerCase() === other.repository.toLowerCase();
        expect(familyOf(left) === familyOf(right)).toBe(same);
      }),
    );
    fc.assert(
      fc.property(runs, runs, ({ repository }, other) => {
        const [left, right] = [
          defaultTokenName({ ...run, repository }, () => eight()),
          defaultTokenName({ ...other, repository }, () => eight()),
        ];
        expect(familyOf(left)).toBe(familyOf(right));
      }),
    );
  });

  it.each([
    ["octo/app", "octo/app-two"],
    ["octo/app", "octo/app.1"],
    ["octo/app", "octo-app/1"],
    ["a/b.c", "a.b/c"],
    ["a/b_d", "a/b.d"],
  ])("tells %s from %s", (one, other) => {
    const family = (repository: string) => familyOf(defaultTokenName({ ...run, repository }, () => eight()));
    expect(family(one)).not.toBe(family(other));
    expect(family(other).startsWith(family(one))).toBe(false);
  });
});

describe("The name that a user gives", () => {
  it("is the whole family", () => {
    const name = customTokenName("deploy", () => eight());
    expect([name.base, familyOf(name)]).toEqual(["deploy", "deploy"]);
    expect(familyOf(customTokenName("deploy-two", () => eight()))).not.toBe("deploy");
  });

  it.each([
    ["", /empty/],
    ["  ", /empty/],
    ["x".repeat(101), /101 characters/],
    ["a b", /only letters/],
    ["a/b", /only letters/],
    ["a\nb", /only letters/],
    ["gha.octo.app.1.1.x", /default/],
    ["GHA.x", /default/],
  ])("is not %j", (base, message) => {
    expect(() => customTokenName(base, () => eight())).toThrow(TokenRequestError);
    expect(() => customTokenName(base, () => eight())).toThrow(message);
  });
});

describe("A name that somebody else made up", () => {
  it.each(["deploy", "deploy-0011223344556677", "deploy-001122334455667700112233", "-001122334455667700112233", ""])(
    "is none of these: %j",
    (text) => {
      expect(parseTokenName(text)).toBeUndefined();
    },
  );

  it("is none either if one character of ours was changed", () => {
    const { text } = customTokenName("deploy", () => eight());
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(..."0123456789abcdef"), (at, digit) => {
        const changed = text.slice(0, at) + digit + text.slice(at + 1);
        expect(parseTokenName(changed) === undefined).toBe(changed !== text);
      }),
    );
  });
});
