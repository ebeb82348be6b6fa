import { importRegistry } from "../../provider/import";
import { type Sandbox, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

const joe = { username: "joe", password: "joes-password" };
let sandbox: Sandbox;
afterEach(() => sandbox.close());

async function start(auth: "basic" | "bearer", catalog: boolean): Promise<string> {
  const rights = [{ repository: "team/app", actions: ["pull"] as const }];
  sandbox = await startSandbox({ apis: ["oci"], oci: { auth, users: { joe: { password: joe.password, rights, catalog } } } });
  for (const name of ["team/app", "team/hidden"]) push(sandbox.store, name, "v1", image({ labels: { of: name } }));
  return sandbox.info.oci?.url ?? "";
}

describe.each(["basic", "bearer"] as const)("a plain registry that refuses some repositories (%s)", (auth) => {
  it("has them left out with the reason", async () => {
    const registry = await start(auth, true);
    const { resources, skipped } = await importRegistry({ type: "oci", connection: { type: "oci", registry, ...joe } });
    expect(resources.map(({ id }) => id)).toEqual(["team/app"]);
    expect(skipped).toEqual([{ what: "Repository team/hidden", why: expect.stringMatching(/may not read/) }]);
    expect(JSON.stringify(skipped)).not.toContain(joe.password);
  });

  it("and its catalog is an error that names the way out", async () => {
    const registry = await start(auth, false);
    const connection = { type: "oci", registry, ...joe } as const;
    await expect(importRegistry({ type: "oci", connection })).rejects.toThrow(
      /catalog cannot be read.*[Nn]ame the repositories without wildcards/,
    );
    const { resources } = await importRegistry({ type: "oci", connection, include: ["team/app"] });
    expect(resources.map(({ id }) => id)).toEqual(["team/app"]);
  });

  it("takes a wrong password for an error", async () => {
    const registry = await start(auth, true);
    const wrong = importRegistry({ type: "oci", connection: { type: "oci", registry, username: "joe", password: "wrong-password" } });
    await expect(wrong).rejects.toThrow(/401/);
    await expect(wrong).rejects.not.toThrow(/wrong-password/);
  });
});
