import { rows } from "../../../provider/registries/call";
import { operations } from "../../../provider/registries/dtr";
import { apiOperations } from "./api-operations";
import { row, rowName } from "./sandbox-row";
import { sandboxRows } from "./sandbox-rows";
import { app, withWorld } from "./sandbox-world";

const shape = (route: string) => route.replace(/\{[^}]*\}/g, "{}");

describe("the table of operations against the sandbox", () => {
  it("has each operation of the client, and with that the 109 of the API's description", () => {
    const tried = new Set(sandboxRows.map(({ name }) => rowName(name)));
    expect([...tried].sort()).toEqual(
      rows(operations)
        .map(({ name }) => name)
        .sort(),
    );
    const routes = rows(operations).flatMap(({ name, operation }) => (tried.has(name) ? [shape(operation.route)] : []));
    expect(apiOperations.filter((route) => !routes.includes(shape(route)))).toEqual([]);
    expect(apiOperations).toHaveLength(109);
  });

  it("notices a request of another operation, one too many, none, another answer", async () => {
    const tag = { ...app, reference: "v1" };
    const wrong = [
      row("tags.list", { call: ({ client }) => client.tags.get(tag), gives: () => expect.anything() }),
      row("tags.get", { call: ({ client }) => Promise.all([client.tags.get(tag), client.tags.get(tag)]), gives: () => expect.anything() }),
      row("tags.get", { call: async () => undefined }),
      row("tags.get", { call: ({ client }) => client.tags.get(tag), gives: () => [] }),
    ];
    await withWorld({}, async (world) => {
      for (const { run } of wrong) await expect(run(world)).rejects.toThrow(/expect\(/);
    });
  });

  it("names each of its rows once", () => {
    expect(new Set(sandboxRows.map(({ name }) => name)).size).toBe(sandboxRows.length);
  });
});

describe.each(["2.6", "2.7"] as const)("the client against the sandbox of version %s", (version) => {
  it.each(sandboxRows)("$name: answer, effect, and the status that the description prints", async ({ run, status }) => {
    await withWorld({ version }, async (world) => {
      const seen = await run(world);
      const [of26, of27] = typeof status === "number" ? [status, status] : status;
      expect([...new Set(seen.map((request) => request.status))]).toEqual([version === "2.6" ? of26 : of27]);
    });
  });
});
