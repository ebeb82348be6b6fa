import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { rootCertificates } from "node:tls";
import type { Connection } from "../../provider/cleanup/connection";
import { importRegistry } from "../../provider/import";
import { type Sandbox, startSandbox } from "../sandbox";

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(path.join(tmpdir(), "import-configuration-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

const settings = async (connection: Connection): Promise<string[]> => {
  const { program } = await importRegistry({ type: connection.type, connection });
  return [...program.matchAll(/^\/\/ {3}pulumi config set (\S+ .+)$/gm)].map(([, setting = ""]) => setting);
};

/** What a program talks to must be what the import talked to. */
describe("the configuration that a program names", () => {
  it("has the API of another Selectel although only its registry was given", async () => {
    const { selectel } = sandbox.info;
    if (!selectel) throw new Error("the sandbox has no Selectel");
    const { origin } = new URL(selectel.v1);
    expect(await settings({ type: "selectel", registry: origin, token: selectel.token })).toEqual([
      `selectel:registryUrl ${origin}`,
      `selectel:apiUrl ${origin}/api`,
    ]);
  });

  it.each(["oci", "dtr", "registryui"] as const)("has the file of certificate authorities that %s needs", async (type) => {
    const caFile = path.join(folder, "our authority's.pem");
    writeFileSync(caFile, rootCertificates[0] ?? "");
    const { oci, dtr, registryui } = sandbox.info;
    if (!oci || !dtr || !registryui) throw new Error("all APIs are served");
    const rows = {
      oci: { type, registry: oci.url, username: oci.username, password: oci.password },
      dtr: { type, registry: dtr.url, username: dtr.username, password: dtr.password },
      registryui: { type, registry: registryui.url, username: registryui.username, token: registryui.token },
    };
    const connection = { ...rows[type], caFile } as Connection;
    expect(await settings(connection)).toEqual([
      expect.stringMatching(new RegExp(`^${type}:url http`)),
      `${type}:caFile '${folder}/our authority'\\''s.pem'`,
    ]);
  });
});
