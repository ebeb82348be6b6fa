import { selectRepositories } from "../../../provider/cleanup/run/repositories";
import { repository } from "../model";
import { type Behaviour, SimulatedRegistry } from "../simulated-registry";

const registryOf = (names: readonly string[], behaviour: Behaviour = {}) =>
  new SimulatedRegistry(
    names.map((name) => repository([], {}, name)),
    behaviour,
  );
const select = async (registry: SimulatedRegistry, ...patterns: string[]) => {
  const { repositories, warnings } = await selectRepositories(registry, patterns);
  return { names: repositories.map(({ name, named }) => (named ? `${name}!` : name)), warnings };
};

describe("the repositories of a run", () => {
  const registry = registryOf(["team/b", "team/a", "Zoo", "team/a/c", "other"]);

  it("are sorted by code units, whatever the registry's order", async () => {
    expect(await select(registry, "**")).toEqual({ names: ["Zoo", "other", "team/a", "team/a/c", "team/b"], warnings: [] });
  });

  it("that are named are taken without asking the registry for its list", async () => {
    const closed = registryOf([], {
      on: ({ at }) => {
        if (at === "repositories") throw new Error("403");
        return undefined;
      },
    });
    expect(await select(closed, "team/b", "team/a", "team/{a,b}")).toEqual({ names: ["team/a!", "team/b!"], warnings: [] });
    expect(closed.count("repositories")).toBe(0);
  });

  it("that are named must exist, also beside a wildcard that matches them", async () => {
    expect((await select(registry, "team/*", "team/a", "team/missing")).names).toEqual(["team/a!", "team/b", "team/missing!"]);
  });

  it("are all but those of negative patterns alone", async () => {
    expect((await select(registry, "!team/**")).names).toEqual(["Zoo", "other"]);
  });

  it("do not hold what a negative pattern takes out", async () => {
    expect((await select(registry, "team/**", "!team/b")).names).toEqual(["team/a", "team/a/c"]);
  });

  it.each([
    ["each wildcard that matches nothing", ["team/*", "tam/*"], ["No repository of registry.example.com matches tam/*."]],
    ["not one whose matches are all taken out, as long as something is left", ["team/*", "oth*", "!other"], []],
    ["patterns that leave nothing", ["oth*", "!other"], ["No repository of registry.example.com matches oth*, !other."]],
  ])("are warned of: %s", async (_, patterns, warnings) => {
    expect((await select(registry, ...patterns)).warnings).toEqual(warnings);
  });

  it("of an empty registry are a warning", async () => {
    expect(await select(registryOf([]), "**")).toEqual({ names: [], warnings: ["No repository of registry.example.com matches **."] });
  });

  it("are an error if the registry cannot list them", async () => {
    const failing = registryOf(["a"], {
      on: ({ at }) => {
        if (at === "repositories") throw new Error("403 DENIED");
        return undefined;
      },
    });
    await expect(select(failing, "**", "named")).rejects.toThrow("403 DENIED");
  });

  it("of all shards together are those of the run, once each, named ones too", async () => {
    const names = Array.from({ length: 60 }, (_, n) => `team/app-${n}`);
    const many = registryOf(names);
    const shares = [];
    for (const index of [1, 2, 3]) {
      const { repositories, warnings } = await selectRepositories(many, ["team/*", "named"], { shard: { index, count: 3 } });
      expect(warnings).toEqual([]);
      expect(repositories.length).toBeGreaterThan(0);
      shares.push(...repositories.map(({ name }) => name));
    }
    expect(shares.sort()).toEqual([...names, "named"].sort());
  });
});
