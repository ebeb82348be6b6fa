import { execFileSync } from "node:child_process";
import * as files from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerCredentials } from "../../provider/registries/oci";
import { loginConfig, MintedToken, removeDockerLogin, writeDockerLogin } from "../../provider/tokens";
import { receipt, secret } from "./simulated-minter";

const nonce = "0011223344556677deadbeef";
const withPassword = new MintedToken(secret, { receipt, username: "token" });
const bearer = new MintedToken(secret, { receipt: { ...receipt, type: "oci" }, username: "" });

async function inTemp(test: (parent: string) => Promise<void>): Promise<void> {
  const parent = await files.mkdtemp(join(tmpdir(), "docker-login-"));
  try {
    await test(parent);
  } finally {
    await files.rm(parent, { recursive: true, force: true });
  }
}
const mode = async (path: string) => ((await files.stat(path)).mode & 0o777).toString(8);

describe("A Docker configuration for a token", () => {
  it("lies in a folder of its own that nobody else can read, whatever the umask", async () => {
    await inTemp(async (parent) => {
      for (const umask of [0, 0o022, 0o077, 0o777]) {
        const before = process.umask(umask);
        try {
          const folder = await writeDockerLogin(withPassword, { parent, nonce, files });
          expect(folder).toBe(join(parent, `registry-token-${nonce}`));
          expect(await mode(folder)).toBe("700");
          expect(await mode(join(folder, "config.json"))).toBe("600");
          expect(await files.readdir(parent)).toEqual([`registry-token-${nonce}`]);
        } finally {
          process.umask(before);
          await removeDockerLogin({ parent, nonce, files });
        }
      }
    });
  });

  it.each([
    ["user and password", withPassword, { username: "token", password: secret }],
    ["a token that is sent as it is", bearer, { registryToken: secret }],
  ] as const)("is read back: %s", async (_, token, credentials) => {
    await inTemp(async (parent) => {
      const path = await writeDockerLogin(token, { parent, nonce, files });
      expect(await mode(join(path, "config.json"))).toBe("600");
      expect(await dockerCredentials(receipt.registry, { path })).toEqual(credentials);
      expect(await dockerCredentials("other.example", { path })).toBeUndefined();
    });
  });

  it("names Docker Hub as docker login does", () => {
    const token = new MintedToken(secret, { receipt: { ...receipt, registry: "docker.io" }, username: "" });
    expect(loginConfig(token)).toEqual({ auths: { "https://index.docker.io/v1/": { registrytoken: secret } } });
  });

  it("never takes a folder that is there already, nor what it points to", async () => {
    await inTemp(async (parent) => {
      const elsewhere = join(parent, "elsewhere");
      await files.mkdir(elsewhere);
      await files.symlink(elsewhere, join(parent, `registry-token-${nonce}`));
      await expect(writeDockerLogin(withPassword, { parent, nonce, files })).rejects.toThrow(/EEXIST/);
      expect(await files.readdir(elsewhere)).toEqual([]);
    });
  });

  it("is not left half written", async () => {
    await inTemp(async (parent) => {
      const full = { ...files, writeFile: () => Promise.reject(new Error("no space left")) };
      await expect(writeDockerLogin(withPassword, { parent, nonce, files: full })).rejects.toThrow("no space left");
      expect(await files.readdir(parent)).toEqual([]);
    });
  });

  it("is removed with all that Docker has put there, and removing it twice is done", async () => {
    await inTemp(async (parent) => {
      const folder = await writeDockerLogin(withPassword, { parent, nonce, files });
      execFileSync("sh", ["-c", "mkdir -p buildx/certs && echo x > buildx/certs/current"], { cwd: folder });
      await removeDockerLogin({ parent, nonce, files });
      await removeDockerLogin({ parent, nonce, files });
      expect(await files.readdir(parent)).toEqual([]);
    });
  });

  it.each(["", "../..", "x", "0011223344556677/.."])("is removed nowhere else: %j", async (odd) => {
    await expect(removeDockerLogin({ parent: "/nonexistent", nonce: odd, files })).rejects.toThrow(/nonce/);
  });
});
