import { type ImportOptions, importRegistry } from "../../provider/import";
import { startSandbox } from "../sandbox";

jest.mock("@pulumi/pulumi", () => jest.requireActual("../../action/command-line/sdk-stand-in"));

it("an import of each API needs nothing of the Pulumi SDK", async () => {
  const sandbox = await startSandbox();
  try {
    const { dtr, oci, registryui, selectel } = sandbox.info;
    if (!dtr || !oci || !registryui || !selectel) throw new Error("all APIs are served");
    sandbox.store.createRepository("team/app");
    const { v1: apiUrl, token } = selectel;
    const all: readonly ImportOptions[] = [
      { type: "dtr", connection: { type: "dtr", registry: dtr.url, username: dtr.username, password: dtr.password } },
      { type: "oci", connection: { type: "oci", registry: oci.url, username: oci.username, password: oci.password } },
      {
        type: "registryui",
        connection: { type: "registryui", registry: registryui.url, username: registryui.username, token: registryui.token },
      },
      { type: "selectel", connection: { type: "selectel", apiUrl, token } },
    ];
    for (const options of all) {
      const { program } = await importRegistry(options);
      expect(program).toContain(`import { ${options.type} } from "registry-as-code";`);
    }
  } finally {
    await sandbox.close();
  }
});
