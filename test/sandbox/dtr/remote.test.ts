import { type AddressInfo, createServer } from "node:net";
import { image, push } from "../images";
import { startSandbox } from "../index";
import { fields, outcome, rig } from "./rig";

const here = { remoteHost: "http://dtr.test", remoteRepository: "team/app", remoteCA: "", skipTLSVerification: true, authToken: "" };

describe("remote/registry", () => {
  it.each([
    ["admin", { read: true, write: true }],
    ["dev", { read: true, write: true }],
    ["reader", { read: true, write: false }],
  ])("says what %s may do with a repository of this sandbox", async (username, permissions) => {
    const body = { ...here, username, password: `${username}-password` };
    const world = rig();
    push(world.store, "team/app", "v1", image());
    const response = await world.call("POST", "remote/registry", { body });
    expect([response.status, fields(response)]).toEqual([201, { registryType: "dtr", permissions }]);
  });

  it("logs in at another registry on loopback", async () => {
    const sandbox = await startSandbox({ apis: ["oci"] });
    const { url = "", username = "", password = "" } = sandbox.info.oci ?? {};
    const check = (secret: string) =>
      rig().call("POST", "remote/registry", { body: { ...here, remoteHost: url, username, password: secret } });
    try {
      expect(fields(await check(password)).permissions).toEqual({ read: true, write: true });
      expect(outcome(await check("wrong"))).toBe("400 REMOTE_REGISTRY_INVALID_PERMISSIONS");
    } finally {
      await sandbox.close();
    }
  });

  it.each([
    ["a bad password", { username: "dev", password: "wrong" }],
    ["a user without access", { username: "stranger", password: "stranger-password" }],
    ["no host", { remoteHost: "" }],
    ["no repository", { remoteRepository: "" }],
    ["a host that is not on this machine", { remoteHost: "https://registry.example" }],
  ])("refuses %s", async (_what, fault) => {
    const body = { ...here, username: "admin", password: "admin-password", ...fault };
    expect(outcome(await rig().call("POST", "remote/registry", { body }))).toBe("400 REMOTE_REGISTRY_INVALID_PERMISSIONS");
  });

  it("refuses a host that does not answer", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // a TCP server has no other kind of address
    await new Promise((resolve) => server.close(resolve));
    const body = { ...here, remoteHost: `http://127.0.0.1:${port}` };
    expect(outcome(await rig().call("POST", "remote/registry", { body }))).toBe("400 REMOTE_REGISTRY_INVALID_PERMISSIONS");
  });

  it("needs JSON and a user", async () => {
    const { call } = rig();
    expect(outcome(await call("POST", "remote/registry", { body: "x" }))).toBe("415 UNSUPPORTED_MEDIA_TYPE");
    expect(outcome(await call("POST", "remote/registry", { body: here, user: null }))).toBe("401 NOT_AUTHENTICATED");
  });
});
