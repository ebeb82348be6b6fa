import { connectOci, parseRepository, parseTag } from "../../../provider/registries/oci";
import { startSandbox } from "../../sandbox";
import { image, push } from "../../sandbox/images";

const repository = parseRepository("team/app");

describe("a token server that has no word for delete, as Quay's", () => {
  it.each(["first of all", "after a read"])("is asked for what the registry demands, %s", async (when) => {
    const sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "bearer", tokenActions: "quay" } });
    const fixture = image();
    push(sandbox.store, repository, ["v1", "v2"], fixture);
    const { url = "", username = "", password = "" } = sandbox.info.oci ?? {};
    const client = connectOci({ url, credentials: { username, password }, env: {} });
    if (when === "after a read") await client.manifests.head(repository, parseTag("v1"));
    expect(await client.deletion(repository)).toEqual({ digest: "supported", tag: "supported" });
    expect(await client.manifests.delete(repository, parseTag("v1"))).toBe("deleted");
    // The demand is remembered: no further refusals.
    const refused = () => sandbox.control.requests({ api: "oci-token", status: 400 }).length;
    const before = refused();
    expect(await client.manifests.delete(repository, parseTag("v2"))).toBe("deleted");
    expect(refused()).toBe(before);
    await client.close();
    await sandbox.close();
  });
});
