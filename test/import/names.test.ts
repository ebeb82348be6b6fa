import * as fc from "fast-check";
import { type Named, nameAll } from "../../provider/import/names";

const named = (kind: string, label: string, id = label): Named => ({ kind, label, id });
const one = (kind: string, label: string) => nameAll([named(kind, label)])[0];

describe("a resource's names", () => {
  const rows: readonly (readonly [kind: string, label: string, resource: string, variable: string])[] = [
    ["Repository", "acme/api-server", "acme/api-server", "acmeApiServerRepository"],
    ["Repository", "acme/api.v2_x", "acme/api.v2_x", "acmeApiV2XRepository"],
    ["Organization", "class", "class", "classOrganization"],
    ["Organization", "default", "default", "defaultOrganization"],
    ["Repository", "2048/game", "2048/game", "repository2048Game"],
    ["User", "дядя-фёдор", "дядя-фёдор", "дядяФёдорUser"],
    ["ApiToken", "alice/Alice's läptop 💻", "alice/Alice-s-läptop", "aliceAliceSLäptopApiToken"],
    ["ApiToken", "💻", "apitoken", "apitokenApiToken"],
    ["Team", "a::b", "a-b", "aBTeam"],
    ["Cron", `\`${"$"}{x}\`\n*/ //`, "x", "xCron"],
    ["User", "__proto__", "__proto__", "protoUser"],
  ];
  it.each(rows)("of a %s called %j are readable", (kind, label, resource, variable) => {
    expect(one(kind, label)).toEqual({ resource, variable });
  });

  it("differ where two objects would be called alike, also where case is not looked at", () => {
    const objects = [
      named("Team", "acme/Developers", "acme/1"),
      named("Team", "acme/developers", "acme/2"),
      named("Repository", "a-b/c"),
      named("Repository", "a/b-c"),
      named("Webhook", "acme/app/tag-push", "1"),
      named("Webhook", "acme/app/tag-push", "2"),
    ];
    const names = nameAll(objects);
    expect(names.map(({ resource }) => resource)).toEqual([
      expect.stringMatching(/^acme\/Developers-[0-9a-f]{6}$/),
      expect.stringMatching(/^acme\/developers-[0-9a-f]{6}$/),
      "a-b/c",
      "a/b-c",
      expect.stringMatching(/^acme\/app\/tag-push-[0-9a-f]{6}$/),
      expect.stringMatching(/^acme\/app\/tag-push-[0-9a-f]{6}$/),
    ]);
    expect(new Set(names.map(({ variable }) => variable)).size).toBe(objects.length);
  });

  const label = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("a", "A", "/", "-", "_", ".", "1", "é", "e\u0301", " ", "ß") }),
  );
  const object = fc.record({ kind: fc.constantFrom("Repository", "Team", "User"), label, id: fc.uuid() });
  const objects = fc.uniqueArray(object, { selector: ({ kind, id }) => `${kind} ${id}`, maxLength: 30 });

  it("are unique whatever the objects are called, and the same whatever their order", () => {
    fc.assert(
      fc.property(objects, (given) => {
        const names = nameAll(given);
        expect(new Set(names.map(({ variable }) => variable)).size).toBe(given.length);
        const resources = given.map(({ kind }, index) => `${kind} ${names[index]?.resource.toLowerCase()}`);
        expect(new Set(resources).size).toBe(given.length);
        expect(nameAll([...given].reverse()).reverse()).toEqual(names);
      }),
    );
  });

  it("are an identifier and a name that Pulumi takes", () => {
    fc.assert(
      fc.property(objects, (given) => {
        for (const { resource, variable } of nameAll(given)) {
          expect(() => new Function(`"use strict"; const ${variable} = 1; return ${variable};`)()).not.toThrow();
          expect(resource).not.toMatch(/::|\s|^$/);
        }
      }),
    );
  });
});
