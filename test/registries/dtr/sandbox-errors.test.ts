import { isExisting, isGone, isInNotary, isInvalid, isNotAuthorized, RegistryError } from "../../../provider/registries/dtr";
import { failure } from "./connected";
import { type Failure, failures, type Meaning } from "./sandbox-failures";
import { app, type World, withWorld } from "./sandbox-world";

const predicates: Readonly<Record<Exclude<Meaning, "none">, (error: unknown) => boolean>> = {
  gone: (error) => isGone(error),
  existing: isExisting,
  invalid: isInvalid,
  inNotary: isInNotary,
  notAuthorized: isNotAuthorized,
};

/** The predicates that are true of an error. */
const meanings = (error: unknown) => Object.entries(predicates).flatMap(([name, is]) => (is(error) ? [name] : []));
const only = (meaning: Meaning) => (meaning === "none" ? [] : [meaning]);

async function failed(world: World, { arrange, call }: Failure): Promise<Error> {
  await arrange?.(world);
  const error = await failure(call(world));
  expect(error).toBeInstanceOf(RegistryError);
  return error;
}

describe.each(["list", "bare", "detail"] as const)("errors as the server writes them (%s)", (errors) => {
  it.each(failures)("$name is $status $code: $coded", async (given) => {
    await withWorld({ errors }, async (world) => {
      const error = await failed(world, given);
      expect(error).toMatchObject({ kind: "status", status: given.status, code: given.code, serverMessage: expect.any(String) });
      expect(meanings(error)).toEqual(only(given.coded));
    });
  });
});

describe("errors without a code", () => {
  it.each(failures)("$name, $status and an empty list: $codeless", async (given) => {
    await withWorld({ errors: "empty", jobrunnerMissing: "empty" }, async (world) => {
      const error = await failed(world, given);
      expect(error).toMatchObject({ kind: "status", status: given.status });
      expect(error).not.toHaveProperty("code");
      expect(meanings(error)).toEqual(only(given.codeless));
    });
  });

  // Nobody knows whose page it is, least of all that something is gone.
  it.each(failures)("$name, $status and a web page", async (given) => {
    await withWorld({ errors: "html" }, async (world) => {
      const error = await failed(world, given);
      expect(error).toMatchObject({ kind: "status", status: given.status, message: expect.stringMatching(/an HTML page/) });
      expect(meanings(error)).toEqual(only(given.codeless === "gone" ? "none" : given.codeless));
    });
  });
});

describe("a bad policy", () => {
  const bad = failures.filter(({ code }) => /^INVALID_.*_POLICY$/.test(code));

  it.each(bad)("$name is invalid with status 400, too", async (given) => {
    await withWorld({ invalidPolicy: "400" }, async (world) => {
      const error = await failed(world, given);
      expect(error).toMatchObject({ status: 400, code: given.code });
      expect(meanings(error)).toEqual(["invalid"]);
    });
  });

  it("of later versions' operators is none where the server knows them", async () => {
    await withWorld({ matches: "known" }, async ({ client }) => {
      const rules = [{ field: "tag", operator: "matches", values: ["^v\\d+$"] }];
      const tags = await Array.fromAsync(client.pruningPolicies.test({ ...app, rules }));
      expect(tags.map(({ name }) => name)).toEqual(["v1", "v2"]);
    });
  });
});

describe("a repository that the user may not see", () => {
  it.each([
    ["404", "gone"],
    ["403", "notAuthorized"],
  ] as const)("is a %s: %s", async (unseen, meaning) => {
    await withWorld({ unseen }, async ({ as }) => {
      const stranger = as({ username: "stranger", password: "stranger-password" });
      expect(meanings(await failure(stranger.repositories.get(app)))).toEqual([meaning]);
      expect(meanings(await failure(Array.fromAsync(stranger.tags.list(app))))).toEqual([meaning]);
      expect(meanings(await failure(stranger.tags.delete({ ...app, tag: "v1" })))).toEqual([meaning]);
    });
  });
});
