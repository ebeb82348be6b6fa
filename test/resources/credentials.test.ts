import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { oci } from "../../provider/resources/oci/module";
import { selectel } from "../../provider/resources/selectel/module";
import { settingsOf } from "../../provider/resources/settings";
import { type Sandbox, startSandbox } from "../sandbox";

const USER = { username: "alice", password: "alice-password" };
let sandbox: Sandbox;
let folder: string;
beforeEach(async () => {
  sandbox = await startSandbox({ oci: { users: { [USER.username]: { password: USER.password } } } });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "docker-"));
});
afterEach(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

const url = () => sandbox.info.oci?.url ?? "";
const connect = (config: Record<string, string>, env: Record<string, string> = {}) =>
  oci.connect(settingsOf("oci", { get: (key) => config[key] }, { HOME: folder, ...env }));
const works = async (config: Record<string, string>, env?: Record<string, string>) => {
  const client = await connect(config, env);
  try {
    await Array.fromAsync(client.catalog());
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
};
const dockerConfig = (credentials: { username: string; password: string }) => {
  const file = path.join(folder, "config.json");
  const auth = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  fs.writeFileSync(file, JSON.stringify({ auths: { [new URL(url()).host]: { auth } } }));
  return file;
};
const asEnvironment = { OCI_REGISTRY_USERNAME: USER.username, OCI_REGISTRY_PASSWORD: USER.password };

describe("credentials of oci come from the first place that has any", () => {
  it("the stack's configuration", async () => {
    expect(
      await works(
        { "oci:url": url(), "oci:username": USER.username, "oci:password": USER.password },
        { OCI_REGISTRY_PASSWORD: "wrong", OCI_REGISTRY_USERNAME: "x" },
      ),
    ).toBe(true);
  });
  it("the environment, address included", async () => {
    expect(await works({}, { OCI_REGISTRY_URL: url(), ...asEnvironment })).toBe(true);
    expect(await works({ "oci:url": url() }, asEnvironment)).toBe(true);
  });
  it("Docker's configuration, by its usual place, by DOCKER_CONFIG and by oci:dockerConfig", async () => {
    const file = dockerConfig(USER);
    expect(await works({ "oci:url": url() }, { DOCKER_CONFIG: folder })).toBe(true);
    expect(await works({ "oci:url": url(), "oci:dockerConfig": file }, { HOME: "/nowhere" })).toBe(true);
    expect(await works({ "oci:url": url() }, { DOCKER_CONFIG: "/nowhere" })).toBe(false);
  });
});

describe("credentials are not sent where they do not belong", () => {
  it("the environment's not to another registry than the environment's", async () => {
    expect(await works({ "oci:url": url() }, { OCI_REGISTRY_URL: "https://elsewhere.example.com", ...asEnvironment })).toBe(false);
  });
  it("the environment's not to the registry of an explicit provider", async () => {
    expect(await works({ "oci:explicit": "true", "oci:url": url() }, asEnvironment)).toBe(false);
  });
  it("selectel's environment not to an explicit provider", async () => {
    const env = { SELECTEL_TOKEN: "somebody's" };
    const settings = settingsOf("selectel", { get: (key) => ({ "selectel:explicit": "true" })[key] }, env);
    await expect(selectel.connect(settings)).rejects.toThrow("Selectel's credentials are missing");
  });
});

describe("what cannot be meant is one clear error before anything is sent", () => {
  it.each([
    ["no address", {}, {}, "the registry's address is missing"],
    ["a user without a password", { "oci:url": "URL", "oci:username": "u" }, {}, "oci:password is missing"],
    ["a password without a user", { "oci:url": "URL" }, { OCI_REGISTRY_PASSWORD: "p" }, "OCI_REGISTRY_USERNAME is missing"],
    ["a CA file that is not there", { "oci:url": "URL", "oci:caFile": "/nowhere/ca.pem" }, {}, /oci:caFile: .*ENOENT/],
    ["credentials in the address", { "oci:url": "https://u:hunter2@registry.example.com" }, {}, /credentials|user/i],
    ["no address of HTTP", { "oci:url": "ftp://registry.example.com" }, {}, /http/i],
  ])("%s", async (_case, config, env, message) => {
    const given = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value === "URL" ? url() : value]));
    const error = await connect(given, env).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain("hunter2");
    expect(sandbox.control.requests()).toEqual([]);
  });
});
