import { changes, errors, everything, onEachEngine, succeeded } from "./world";

jest.setTimeout(300_000);

const other = {
  registry: { name: "other" },
  ci: { name: "other-ci" },
  repository: { name: "team/other" },
  production: { tag: "staging" },
};

describe("two stacks of one program on the same servers", () => {
  it("come up at the same time, and one goes without touching the other", async () => {
    await onEachEngine(async ({ stack, another, sandbox }) => {
      const second = await another("prod");
      await second.setConfig("with", JSON.stringify(other));
      const [one, two] = await Promise.all([stack.up(), second.up()]);
      succeeded(one);
      succeeded(two);
      const both = await everything(sandbox);
      succeeded(await second.destroy());
      expect(changes(succeeded(await stack.up()))).toEqual([]);
      succeeded(await second.up());
      expect(await everything(sandbox)).toEqual(both);
    });
  });

  it("cannot both own one object: the second is told, and the first keeps it", async () => {
    const recorded = await onEachEngine(async ({ stack, another, sandbox }) => {
      succeeded(await stack.up());
      const made = await everything(sandbox);
      const second = await another("prod");
      await second.setConfig("with", JSON.stringify({ ...other, ci: {} }));
      await second.setConfig("without", JSON.stringify(["basic", "collection", "app"]));
      const refused = await second.up();
      succeeded(await second.destroy());
      expect(await everything(sandbox)).toEqual(made);
      return errors(refused)
        .filter((message) => message.includes("adopt"))
        .map((message) => message.replace(/id [0-9a-f-]{36}/, "id …"));
    });
    expect(recorded).toEqual([expect.stringContaining("selectel:Token ci already exists (id …). Set adopt: true")]);
  });
});
