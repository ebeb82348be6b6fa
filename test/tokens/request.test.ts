import { issueToken, type TokenRequest, TokenRequestError, withoutTokens } from "../../provider/tokens";
import { aRequest, ociMinter, recorded, withSandbox, withSelectel } from "./rig";

const hour = 3_600_000;
type Misuse = readonly [what: string, request: Partial<TokenRequest>, message: RegExp];

/** Rules that hold for every registry; `reach` is what the registry wants. */
const common = (reach: Partial<TokenRequest>): readonly Misuse[] => [
  ["no life at all", { ...reach, lifetime: 0 }, /expires-in: .*longer than nothing/],
  ["a negative life", { ...reach, lifetime: -hour }, /expires-in/],
  ["no number", { ...reach, lifetime: Number.NaN }, /expires-in/],
  ["a life without end", { ...reach, lifetime: Number.POSITIVE_INFINITY, allowLongLived: true }, /expires-in/],
  ["half a second", { ...reach, lifetime: 1500 }, /expires-in: .*whole seconds/],
  ["a second more than a day", { ...reach, lifetime: 24 * hour + 1000 }, /expires-in: .*24 hours.*allow-long-lived: true/],
  ["beyond the calendar", { ...reach, lifetime: 9000 * 365 * 24 * hour, allowLongLived: true }, /expires-in: .*9999/],
  // Whoever writes JavaScript has no compiler.
  ["a permission that there is not", { ...reach, permission: "admin" as "read" }, /permission: "admin".*read, write or delete/],
];

const selectel: readonly Misuse[] = [
  ...common({ registries: ["team-a"] }),
  ["nothing to reach", {}, /registries: is missing.*write \* for all/],
  ["an empty list", { registries: [] }, /registries: is missing/],
  ["an empty entry", { registries: ["team-a", " "] }, /registries: an entry is empty/],
  ["* and a name", { registries: ["*", "team-a"] }, /registries: \* means all.*remove it, or team-a/],
  ["a pattern", { registries: ["team-*"] }, /registries: "team-\*" looks like a pattern/],
  ["a registry that there is not", { registries: ["team-a", "team-c"] }, /registries: there is no registry "team-c".*team-a, team-b/],
  ["a name in capitals", { registries: ["Team-a"] }, /there is no registry "Team-a"/],
  ["the beginning of a name", { registries: ["team"] }, /there is no registry "team"/],
  [
    "repositories",
    { repositories: ["team-a/app"] },
    /repositories: Selectel's tokens reach whole registries.*registries: team-a.*allow-wider-scope: true/,
  ],
  [
    "registries and repositories",
    { registries: ["team-a"], repositories: ["team-a/app"], allowWiderScope: true },
    /repositories: and registries contradict/,
  ],
  [
    "a repository without registry",
    { repositories: ["app"], allowWiderScope: true },
    /repositories: "app" is no repository.*<registry>\/<repository>/,
  ],
  ["all repositories", { repositories: ["*"], allowWiderScope: true }, /repositories: .*registries: \*/],
  [
    "a repository in a registry that there is not",
    { repositories: ["team-c/app"], allowWiderScope: true },
    /repositories: there is no registry "team-c"/,
  ],
];

const oci: readonly Misuse[] = [
  ...common({ repositories: ["team/app"] }),
  ["nothing to reach", {}, /repositories: is missing/],
  ["registries", { registries: ["team"] }, /registries: is for Selectel.*\n?.*repositories/],
  ["all repositories", { repositories: ["*"] }, /repositories: token servers give tokens for named repositories only/],
  ["a pattern", { repositories: ["team/*"] }, /repositories: "team\/\*" looks like a pattern/],
  ["no name", { repositories: ["Team/App"] }, /repositories: "Team\/App" is no valid repository/],
  ["a tag", { repositories: ["team/app:v1"] }, /repositories: .*tag/],
];

describe("A request that cannot be meant mints nothing and says what to do", () => {
  it.each(selectel)("Selectel: %s", async (_, request, message) => {
    await withSelectel(async ({ minter, sandbox }) => {
      const steps = recorded(minter, aRequest(request));
      const failure = issueToken(steps);
      await expect(failure).rejects.toThrow(TokenRequestError);
      await expect(failure).rejects.toThrow(message);
      expect(steps.events).toEqual([]);
      expect(sandbox.control.requests({ path: "/v2/tokens" })).toEqual([]);
      expect(sandbox.control.requests({ method: "POST", api: "selectel" })).toEqual([]);
    });
  });

  it.each(oci)("a token server: %s", async (_, request, message) => {
    await withSandbox({ apis: ["oci"], oci: { auth: "bearer" } }, async (sandbox) => {
      const minter = ociMinter(sandbox);
      const steps = recorded(minter, aRequest(request));
      const failure = issueToken(steps);
      await expect(failure).rejects.toThrow(TokenRequestError);
      await expect(failure).rejects.toThrow(message);
      expect(steps.events).toEqual([]);
      expect(sandbox.control.requests()).toEqual([]);
      await minter.close();
    });
  });

  it("names all problems at once", async () => {
    await withSelectel(async ({ minter }) => {
      const failure = minter.prepare(aRequest({ registries: ["*", "a?"], lifetime: 1 }));
      const problems = await failure.then(
        () => [],
        (error: TokenRequestError) => error.problems.map(({ setting }) => setting),
      );
      expect(problems).toEqual(["registries", "registries", "expires-in"]);
    });
  });

  it("tells two registries apart of which one has the other's id for a name", async () => {
    await withSelectel(async ({ minter, client, ids, sandbox }) => {
      // Nobody can give such names through the API: the list is changed on its way.
      const list = client.v1.registries.list;
      const twisted = Object.assign(client.v1.registries, {
        list: async function* () {
          for await (const registry of list()) yield registry.name === "team-b" ? { ...registry, name: ids.a } : registry;
        },
      });
      expect(twisted).toBe(client.v1.registries);
      await expect(minter.prepare(aRequest({ registries: [ids.a] }))).rejects.toThrow(/ambiguous.*team-a/);
      expect(sandbox.control.requests({ method: "POST", api: "selectel" })).toEqual([]);
    });
  });
});

describe("A type that mints no tokens", () => {
  it.each([
    ["registryui", /type: .*same origin.*type: oci.*Docker token/],
    ["ghcr", /type: "ghcr" is none: choose dtr, oci or selectel/],
  ])("%s", (type, message) => {
    expect(withoutTokens(type)).toBeInstanceOf(TokenRequestError);
    expect(withoutTokens(type).message).toMatch(message);
  });
});
