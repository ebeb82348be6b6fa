import { type DtrSwitches, defaultSwitches } from "../../sandbox/dtr";
import { all } from "./rows";
import { sandboxRows } from "./sandbox-rows";
import { app, type World, withWorld } from "./sandbox-world";

/**
 * Other readings of what is not certain, several at a time: what comes of them in form must not be seen in what the client gives. So the rows of the
 * operations, and what they expect, are the same.
 */
const readings: Readonly<Record<string, Partial<DtrSwitches>>> = {
  "nothing is null, and lists say more": {
    emptyLists: "null",
    noMap: "empty",
    listedDescriptions: "present",
    tagManifests: "all",
    settingsAnswer: "settings",
    repositoryGrantBody: "one",
  },
  "an old server": {
    tagLimits: "absent",
    never: "empty",
    accountDeleted: "200",
    webhookCreated: "object",
    jobStatuses: "guide",
    repositoryGrantBody: "empty",
  },
  "short pages end in an empty header, and what is gone is a 404": {
    version: "2.7",
    lastPage: "empty",
    maxPageSize: 2,
    deleteAbsent: "404",
    accountDeleted: "204",
    webhookTwins: "another",
    jobrunnerMissing: "empty",
  },
  "all at once": {
    version: "2.7",
    deleteAbsent: "404",
    emptyLists: "null",
    lastPage: "empty",
    maxPageSize: 1,
    listedDescriptions: "present",
    tagLimits: "absent",
    repositoryGrantBody: "grant",
    tagManifests: "all",
    never: "empty",
    webhookCreated: "object",
    settingsAnswer: "settings",
    noMap: "empty",
    summaryKeys: "digest",
  },
};

describe.each(Object.entries(readings))("the client's answers: %s", (_, switches) => {
  it.each(sandboxRows)("$name: as everywhere", async ({ run }) => {
    await withWorld(switches, async (world) => {
      expect((await run(world)).every(({ status }) => status < 300)).toBe(true);
    });
  });
});

describe("the client's answers where it asks for two at a time", () => {
  it.each(sandboxRows)("$name: as everywhere", async ({ run }) => {
    await withWorld({}, async (world) => void (await run(world)), { pageSize: 2 });
  });

  it.each([
    ["pages of /api/v0", 2, ({ client }: World) => all(client.tags.list(app))],
    ["pages of /enzi/v0", 4, ({ client }: World) => all(client.enzi.members.list({ organization: "team" }))],
    ["pages by offset", 3, ({ client }: World) => all(client.jobs.list())],
  ] as const)("which it does: %s", async (_, requests, list) => {
    await withWorld(
      { lastPage: "empty" },
      async (world) => {
        for (const action of ["a", "b", "c"]) await world.client.jobs.submit({ action });
        world.forget();
        await list(world);
        expect(world.seen()).toHaveLength(requests);
      },
      { pageSize: 2 },
    );
  });
});

/** Switches that mean another behaviour, with tests of their own. */
const behaviour: readonly (keyof DtrSwitches)[] = [
  // sandbox-errors
  "errors",
  "unseen",
  "invalidPolicy",
  "deprecated",
  "matches",
  "scanDatabase",
  // sandbox-behaviour
  "anonymous",
  "defaultVisibility",
  "orphans",
  "evaluationTimeout",
  "mirrorLogin",
  "jobPolls",
  "jobDuration",
  "scanPolls",
  "tokensListed",
  "tokenGeneratedBy",
  "registryType",
];

it("every switch of the sandbox is turned somewhere", () => {
  const turned = new Set(Object.values(readings).flatMap((switches) => Object.keys(switches)));
  // Where in the store the images lie is nothing that a client sees.
  const left = Object.keys(defaultSwitches).filter((name) => name !== "prefix" && !turned.has(name));
  expect(left.sort()).toEqual([...behaviour].sort());
});
