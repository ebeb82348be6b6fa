import { InputError } from "../../../action/input-error";
import { parseEndInputs, parseInputs, type TokenJob } from "../../../action/token/inputs";

const now = Date.parse("2026-01-01T00:00:00Z");
const salt = Buffer.from("0011223344556677", "hex");
const run = { GITHUB_REPOSITORY: "Octo/App", GITHUB_RUN_ID: "4711", GITHUB_RUN_ATTEMPT: "2", GITHUB_JOB: "build" };

const environment = (inputs: Readonly<Record<string, string>>): Record<string, string> => ({
  ...run,
  ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
});
const parse = (inputs: Readonly<Record<string, string>>): TokenJob =>
  parseInputs(environment(inputs), { now: () => now, random: () => salt });
const problems = (inputs: Readonly<Record<string, string>>): string[] => {
  try {
    parse(inputs);
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ input, text }) => `${input}: ${text}`);
    throw error;
  }
  return [];
};

const oci = { registry: "registry.example.com", username: "bot", password: "pw" };
const selectel = { type: "selectel", "account-id": "1", username: "bot", password: "pw", "project-id": "p" };

describe("inputs", () => {
  it("have the defaults that are declared: read, an hour, no login, a sweep", () => {
    const { connection, request, login, sweep } = parse({ ...oci, repositories: "team/app" });
    expect(connection).toMatchObject({ type: "oci", ...oci });
    expect(request).toMatchObject({
      repositories: ["team/app"],
      permission: "read",
      lifetime: 3_600_000,
      allowWiderScope: false,
      allowLongLived: false,
    });
    expect([login, sweep]).toEqual([false, true]);
  });

  it("take lists by newlines and commas", () => {
    expect(parse({ ...oci, repositories: "team/a, team/b\n\n team/c ,\r\nteam/d" }).request.repositories).toEqual([
      "team/a",
      "team/b",
      "team/c",
      "team/d",
    ]);
    expect(parse({ ...selectel, registries: "a\nb" }).request.registries).toEqual(["a", "b"]);
    expect(parse({ ...selectel, registries: "*" }).request.registries).toEqual(["*"]);
  });

  it.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["1h30m", 5_400_000],
    ["24h", 86_400_000],
  ])("understand expires-in: %s", (text, lifetime) => {
    expect(parse({ ...oci, repositories: "a", "expires-in": text }).request.lifetime).toBe(lifetime);
  });

  it("name the token after repository, run, attempt and job, or as the user wants, with digits that are its own", () => {
    const byDefault = parse({ ...oci, repositories: "a" }).request.name;
    expect(byDefault.text).toMatch(/^gha\.octo\.app\.4711\.2\.build-0011223344556677[0-9a-f]{8}$/);
    const own = parse({ ...oci, repositories: "a", name: "deploy" }).request.name;
    expect(own.text).toMatch(/^deploy-0011223344556677[0-9a-f]{8}$/);
    expect(own.nonce).not.toBe(byDefault.nonce);
  });
});

describe("inputs that cannot be meant", () => {
  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    ["unknown ones", { ...oci, repositories: "a", permision: "read" }, /^permision: there is no such input\. Did you mean `permission`\?$/],
    [
      "a permission that is none",
      { ...oci, repositories: "a", permission: "admin" },
      /^permission: "admin" is not one of read, write, delete\.$/,
    ],
    ["no registry", { ...oci, registry: "", repositories: "a" }, /^registry: is missing\./],
    ["a user without password", { ...oci, password: "", repositories: "a" }, /^password: is missing/],
    [
      "a token that cannot be traded",
      { registry: "r.example", token: "t", repositories: "a" },
      /^token: cannot be traded for a narrower one/,
    ],
    ["nothing to reach", oci, /^repositories: is missing/],
    ["all repositories", { ...oci, repositories: "*" }, /^repositories: token servers give tokens for named repositories only/],
    ["a pattern", { ...oci, repositories: "team/*" }, /^repositories: "team\/\*" looks like a pattern/],
    ["the registry's host", { ...oci, repositories: "registry.example.com/team/a" }, /leave registry\.example\.com\/ out\.$/],
    ["registries on oci", { ...oci, repositories: "a", registries: "b" }, /^registries: is for Selectel/],
    [
      "repositories on Selectel",
      { ...selectel, repositories: "team/app" },
      /^repositories: Selectel's tokens reach whole registries.*registries: team /,
    ],
    ["no registries on Selectel", selectel, /^registries: is missing/],
    ["* among others", { ...selectel, registries: "*,a" }, /^registries: \* means all, so it stands alone/],
    ["an account's number on oci", { ...oci, repositories: "a", "account-id": "1" }, /^account-id: is for type: selectel/],
    ["no time", { ...oci, repositories: "a", "expires-in": "0" }, /^expires-in: a token must live longer than nothing/],
    ["parts of a second", { ...oci, repositories: "a", "expires-in": "1500ms" }, /^expires-in: tokens live for whole seconds/],
    ["more than a day", { ...oci, repositories: "a", "expires-in": "25h" }, /^expires-in: more than 24 hours: set allow-long-lived: true/],
    ["a name of nobody's own", { ...oci, repositories: "a", name: "gha.octo.app" }, /^name: names that begin with "gha\."/],
    ["a name that cannot be", { ...oci, repositories: "a", name: "my token" }, /^name: only letters/],
    ["neither true nor false", { ...oci, repositories: "a", login: "yes" }, /^login: "yes" is neither true nor false\.$/],
    ["RegistryUI", { ...oci, type: "registryui", repositories: "a" }, /^type: RegistryUI's API cannot mint tokens.*use type: oci/],
    ["another type", { ...oci, type: "quay", repositories: "a" }, /^type: "quay" is none: choose dtr, oci or selectel\.$/],
  ])("are one problem each: %s", (_, inputs, problem) => {
    expect(problems(inputs)).toEqual([expect.stringMatching(problem)]);
  });

  it("are fine once they are allowed", () => {
    expect(problems({ ...oci, repositories: "a", "expires-in": "25h", "allow-long-lived": "true" })).toEqual([]);
    expect(problems({ ...selectel, repositories: "team/app", "allow-wider-scope": "true" })).toEqual([]);
  });

  it("are told all at once", () => {
    const all = problems({
      ...oci,
      password: "",
      repositories: "team/*",
      permission: "all",
      "expires-in": "soon",
      name: "a b",
      sweeep: "true",
    });
    expect(all.map((problem) => problem.split(":", 1)[0])).toEqual([
      "sweeep",
      "permission",
      "expires-in",
      "password",
      "name",
      "repositories",
    ]);
  });

  it("outside of a workflow need a name", () => {
    const env = { ...environment({ ...oci, repositories: "a" }), GITHUB_REPOSITORY: undefined };
    expect(() => parseInputs(env, { now: () => now, random: () => salt })).toThrow(/^name: the default name needs GITHUB_REPOSITORY/);
  });
});

describe("the inputs of post", () => {
  it("are the connection, and whether the token is to live on", () => {
    expect(parseEndInputs(environment({ ...oci, repositories: "a", "skip-token-revoke": "true" }))).toEqual({
      connection: expect.objectContaining({ type: "oci", registry: "registry.example.com" }),
      skipTokenRevoke: true,
    });
  });
});
