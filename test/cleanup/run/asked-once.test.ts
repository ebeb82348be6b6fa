import type { PullRequestState, SourceControl } from "../../../provider/cleanup/plan/source-control";
import { AskedOnce } from "../../../provider/cleanup/run/asked-once";

function source(states: Record<number, PullRequestState>, branches: readonly string[] | undefined = ["main"]) {
  const asked: (readonly number[] | "branches")[] = [];
  const control: SourceControl = {
    pullRequests: async (numbers) => {
      asked.push(numbers);
      await null;
      return new Map(numbers.flatMap((number) => (states[number] === undefined ? [] : [[number, states[number]]])));
    },
    branches: async () => {
      asked.push("branches");
      return branches && new Set(branches);
    },
  };
  return { control, asked };
}
const silent = () => {};

describe("source control is asked", () => {
  it("once for each pull request, also by several repositories at a time", async () => {
    const { control, asked } = source({ 1: "open", 2: "closed", 3: "closed" });
    const memory = new AskedOnce(control, silent);
    const answers = await Promise.all([
      memory.answer({ pullRequests: [1, 2], branches: false }),
      memory.answer({ pullRequests: [2, 3], branches: false }),
      memory.answer({ pullRequests: [3, 1], branches: false }),
    ]);
    expect(asked).toEqual([[1, 2], [3]]);
    expect(answers.map(({ pullRequests }) => [...pullRequests])).toEqual([
      [
        [1, "open"],
        [2, "closed"],
      ],
      [
        [2, "closed"],
        [3, "closed"],
      ],
      [
        [3, "closed"],
        [1, "open"],
      ],
    ]);
    expect(memory.unanswered).toBeUndefined();
  });

  it("once for the branches, and only if somebody wants them", async () => {
    const { control, asked } = source({});
    const memory = new AskedOnce(control, silent);
    expect((await memory.answer({ pullRequests: [], branches: false })).branches).toBeUndefined();
    expect(asked).toEqual([]);
    const all = await Promise.all([1, 2].map(() => memory.answer({ pullRequests: [], branches: true })));
    expect(all.map(({ branches }) => [...(branches ?? [])])).toEqual([["main"], ["main"]]);
    expect(asked).toEqual(["branches"]);
  });
});

describe("what source control does not tell is remembered and said", () => {
  it("of pull requests that it does not know", async () => {
    const memory = new AskedOnce(source({ 1: "open", 7: "unknown" }).control, silent);
    const { pullRequests } = await memory.answer({ pullRequests: [9, 1, 7], branches: false });
    expect([...pullRequests.values()]).toEqual(["unknown", "open", "unknown"]);
    expect(memory.unanswered).toBe("Source control did not tell the state of pull requests 7, 9: the tags of these stay.");
  });

  it("where nobody can be asked", async () => {
    const memory = new AskedOnce(undefined, silent);
    expect(await memory.answer({ pullRequests: [1], branches: true })).toEqual({
      pullRequests: new Map([[1, "unknown"]]),
      branches: undefined,
    });
    expect(memory.unanswered).toBe("Source control did not tell the state of pull request 1 and the branches: the tags of these stay.");
  });

  it("after a failure, which is logged once and stops nothing", async () => {
    const lines: string[] = [];
    const down = async () => {
      throw new Error("503");
    };
    const memory = new AskedOnce({ pullRequests: down, branches: down }, (line) => lines.push(line));
    for (const _ of [1, 2]) {
      expect(await memory.answer({ pullRequests: [1], branches: true })).toEqual({
        pullRequests: new Map([[1, "unknown"]]),
        branches: undefined,
      });
    }
    expect(lines).toEqual([
      "Source control could not be asked about pull requests 1: 503",
      "Source control could not be asked about branches: 503",
    ]);
    expect(memory.unanswered).toMatch(/pull request 1 and the branches/);
  });
});
