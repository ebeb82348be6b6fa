/** A rule at the level `remediate` changes inputs after the resource has checked them: what an `up` that was killed had begun is found all the same. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { IDENTITY } from "../../provider/resources/lifecycle";
import { type Server, server, process as start } from "../resources/note";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "attempts-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** One `up` of resources that all declare the note `a`: each is checked, put right, and the first one is created. */
async function up(target: Server, identities: readonly string[]) {
  const { provider } = start(target, folder);
  const checked = [];
  for (const [index, identity] of identities.entries()) {
    const labels = index === 0 ? [] : [`l${index}`];
    const { inputs } = await provider.check({}, { name: "a", text: "as declared", labels, __provider: "…", [IDENTITY]: identity });
    checked.push({ ...inputs, text: "put right" });
  }
  return provider.create(checked[0]);
}

const killed = async (identities: readonly string[]): Promise<Server> => {
  const target = server();
  target.after = (name) => {
    if (name === "create") throw new Error("killed");
  };
  await expect(up(target, identities)).rejects.toThrow("killed");
  target.after = undefined;
  return target;
};

describe("a create whose inputs a policy put right, and that was cut off", () => {
  it("is gone on with at the next `up`", async () => {
    const target = await killed(["org/project/dev/a"]);
    expect((await up(target, ["org/project/dev/a"])).id).toBe("a");
    expect(target.calls.filter((name) => name === "create")).toHaveLength(1);
    expect(target.notes.get("a")?.text).toBe("put right");
  });

  it("is nobody's where two resources have the same name: it could be the other one's", async () => {
    const both = ["org/project/dev/a", "org/project/dev/b"];
    await expect(up(await killed(both), both)).rejects.toThrow("already exists");
  });

  it("is not another stack's", async () => {
    await expect(up(await killed(["org/project/dev/a"]), ["org/project/prod/a"])).rejects.toThrow("already exists");
  });
});
