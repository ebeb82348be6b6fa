import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Connection, ConnectionError } from "../../../provider/cleanup/connection";
import { openImageRegistry } from "../../../provider/cleanup/open-registry";
import { type Sandbox, startSandbox } from "../../sandbox";
import { image, push } from "../../sandbox/images";

const noDocker = { docker: { home: "/nowhere" }, env: {} };
const app = image({});

describe("connections that cannot be opened", () => {
  it.each<[string, Connection, string]>([
    ["no registry", { type: "oci", registry: "" }, "registry is missing"],
    ["no URL", { type: "oci", registry: "http://" }, "registry: The address"],
    ["another protocol", { type: "oci", registry: "ftp://a" }, "registry: The address"],
    ["credentials in the URL", { type: "oci", registry: "https://me:secret@a" }, "must not hold a user name or password"],
    ["a user without password", { type: "oci", registry: "a", username: "me" }, "password is missing"],
    ["a password without user", { type: "oci", registry: "a", password: "x" }, "username is missing"],
    ["token and user", { type: "oci", registry: "a", token: "t", username: "me" }, "token stands beside username"],
    ["no such CA file", { type: "oci", registry: "a", caFile: "/nowhere/ca.pem" }, "caFile: the file /nowhere/ca.pem cannot be read"],
    ["a CA file that is none", { type: "oci", registry: "a", caFile: __filename }, "holds no certificate"],
    ["selectel without credentials", { type: "selectel" }, "Selectel's credentials are missing"],
    ["selectel with half of them", { type: "selectel", username: "me", password: "x" }, "accountId missing"],
    ["selectel without project", { type: "selectel", accountId: "1", username: "me", password: "x" }, "projectId is missing"],
    ["selectel, token and user", { type: "selectel", token: "t", username: "me" }, "token stands beside username"],
    ["selectel, a wrong address", { type: "selectel", token: "t", apiUrl: "https://a/?x=1" }, "apiUrl: The address"],
    [
      "selectel, a wrong address of the identity service",
      { type: "selectel", accountId: "1", username: "me", password: "x", projectId: "p", authUrl: "https://a/#x" },
      "authUrl: The address",
    ],
    ["registryui, no address", { type: "registryui", registry: "" }, "registry is missing"],
    ["registryui, another protocol", { type: "registryui", registry: "ftp://a" }, "registry: The address"],
    ["registryui, a user without token", { type: "registryui", registry: "a", username: "me" }, "token is missing"],
    ["registryui, a token without user", { type: "registryui", registry: "a", token: "t" }, "username is missing"],
    ["an unknown type", { type: "nexus" } as unknown as Connection, "type is not known"],
  ])("%s", async (_, connection, message) => {
    const opening = openImageRegistry(connection, noDocker);
    await expect(opening).rejects.toThrow(ConnectionError);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.not.toThrow(/secret/);
  });

  it("name settings as they are called where they stand", async () => {
    const opening = openImageRegistry(
      { type: "selectel", username: "me", password: "x" },
      { ...noDocker, name: (setting) => `<${setting}>` },
    );
    await expect(opening).rejects.toThrow("<accountId> missing: <accountId>, <username> and <password> belong together");
  });

  it("say that Docker's configuration was read, and why", async () => {
    const docker = { home: "/home/me", readFile: async () => "{" };
    await expect(openImageRegistry({ type: "oci", registry: "a" }, { env: {}, docker })).rejects.toThrow(
      /is no JSON\. It was read because username, password and token are not given/,
    );
  });
});

describe("addresses", () => {
  it.each([
    ["registry.example.com", "registry.example.com"],
    ["registry.example.com:5000", "registry.example.com:5000"],
    ["https://registry.example.com/", "registry.example.com"],
    ["docker.io", "docker.io"],
  ])("%s is called %s", async (registry, name) => {
    const opened = await openImageRegistry({ type: "oci", registry }, noDocker);
    expect(opened.name).toBe(name);
    await opened.close();
  });

  it("of Selectel: cr.selcloud.ru unless another is given", async () => {
    for (const [registry, name] of [[undefined, "cr.selcloud.ru"] as const, ["127.0.0.1:5000", "127.0.0.1:5000"] as const]) {
      const opened = await openImageRegistry({ type: "selectel", token: "t", ...(registry && { registry }) }, noDocker);
      expect(opened).toMatchObject({ type: "selectel", name });
      await opened.close();
    }
  });
});

describe("an open registry", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());
  const start = async () => {
    sandbox = await startSandbox({ apis: ["oci", "selectel"], seed: (store) => void push(store, "team/app", "v1", app) });
    const { oci, selectel } = sandbox.info;
    if (!oci || !selectel) throw new Error("the sandbox lacks an API");
    return { oci: { ...oci, host: new URL(oci.url).host }, selectel };
  };
  const tagsOf = async (connection: Connection, options: Parameters<typeof openImageRegistry>[1] = noDocker, repository = "team/app") => {
    const registry = await openImageRegistry(connection, options);
    try {
      return [...(await registry.inventory(repository)).tags.keys()];
    } finally {
      await registry.close();
    }
  };

  it("takes user and password, and speaks http to a loopback address without a scheme", async () => {
    const { oci } = await start();
    expect(await tagsOf({ type: "oci", registry: oci.host, username: oci.username, password: oci.password })).toEqual(["v1"]);
  });

  it("takes Docker's own configuration where no credentials are given", async () => {
    const { oci } = await start();
    const auth = Buffer.from(`${oci.username}:${oci.password}`).toString("base64");
    const docker = { home: "/home/me", readFile: async () => JSON.stringify({ auths: { [oci.host]: { auth } } }) };
    expect(await tagsOf({ type: "oci", registry: oci.url }, { env: {}, docker })).toEqual(["v1"]);
    await expect(tagsOf({ type: "oci", registry: oci.url })).rejects.toThrow();
  });

  it("keeps what is known by digest in cacheDir", async () => {
    const { oci } = await start();
    const cacheDir = await mkdtemp(path.join(tmpdir(), "cache-"));
    try {
      const connection: Connection = { type: "oci", registry: oci.url, username: oci.username, password: oci.password };
      await tagsOf(connection, { ...noDocker, cacheDir });
      expect(await readdir(cacheDir)).not.toEqual([]);
      sandbox.control.clearRequests();
      expect(await tagsOf(connection, { ...noDocker, cacheDir })).toEqual(["v1"]);
      expect(
        sandbox.control.requests({ api: "oci" }).filter(({ method, path: at }) => method === "GET" && at.includes("/manifests/")),
      ).toEqual([]);
    } finally {
      await rm(cacheDir, { recursive: true });
    }
  });

  it("warns of a cacheDir that cannot be used, and goes on", async () => {
    const { oci } = await start();
    const lines: string[] = [];
    const connection: Connection = { type: "oci", registry: oci.url, username: oci.username, password: oci.password };
    const folder = await mkdtemp(path.join(tmpdir(), "cache-"));
    const file = path.join(folder, "file");
    await writeFile(file, "");
    expect(await tagsOf(connection, { ...noDocker, cacheDir: file, log: (line) => lines.push(line) })).toEqual(["v1"]);
    expect(lines).toEqual([expect.stringContaining(`The cache ${file} cannot be`)]);
    await rm(folder, { recursive: true });
  });

  it("of Selectel takes a token, or a service user with a project", async () => {
    const { selectel } = await start();
    const made = await fetch(`${selectel.v1}/registries`, {
      method: "POST",
      headers: { "x-auth-token": selectel.token },
      body: JSON.stringify({ name: "main" }),
    });
    const { id } = (await made.json()) as { id: string };
    // The registry is CREATING at first, and ACTIVE when somebody has looked again.
    for (let look = 0; look < 5; look++) await fetch(`${selectel.v1}/registries/${id}`, { headers: { "x-auth-token": selectel.token } });
    push(sandbox.store, "main/team/app", "v1", app);
    const { accountId, username, password, projectName, authUrl } = selectel;
    const place = { type: "selectel", registry: selectel.registryHost, apiUrl: selectel.v1 } as const;
    expect(await tagsOf({ ...place, token: selectel.token }, noDocker, "main/team/app")).toEqual(["v1"]);
    expect(await tagsOf({ ...place, accountId, username, password, projectName, authUrl }, noDocker, "main/team/app")).toEqual(["v1"]);
  });
});
