import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type SandboxOciOptions, startSandbox } from ".";
import { image, index } from "./images";
import { writeLayout } from "./layout";
import { describeWithTool } from "./tool";

jest.setTimeout(60_000);

const amd64 = image({ layers: ["shared", "amd64"] });
const arm64 = image({ layers: ["shared", "arm64"], platform: { os: "linux", architecture: "arm64" } });
const multi = index([amd64, arm64]);

describeWithTool("skopeo, which knows nothing of this project", { name: "skopeo" }, (skopeo) => {
  const modes: readonly (SandboxOciOptions & { auth: string })[] = [{ auth: "none" }, { auth: "basic" }, { auth: "bearer" }];

  it.each(modes)("pushes, lists, inspects, copies and deletes with $auth authorization", async (oci) => {
    const directory = mkdtempSync(join(tmpdir(), "skopeo-"));
    const sandbox = await startSandbox({ apis: ["oci"], oci });
    try {
      const { url = "", username = "", password = "" } = sandbox.info.oci ?? {};
      const registry = new URL(url).host;
      const { store } = sandbox;
      writeLayout(directory, { single: amd64, multi });
      const policy = join(directory, "policy.json");
      writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
      const creds = (side: string) => (oci.auth === "none" ? [] : [`--${side}creds`, `${username}:${password}`]);
      const run = async (...args: string[]) => {
        const env = { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: directory };
        return (await promisify(execFile)(skopeo, ["--policy", policy, ...args], { env })).stdout;
      };
      const here = (side: string) => [`--${side}tls-verify=false`, ...creds(side)];

      await run("copy", ...here("dest-"), `oci:${directory}:single`, `docker://${registry}/team/app:v1`);
      expect(store.repository("team/app")?.tags.get("v1")).toBe(amd64.digest);
      await run("copy", "--all", ...here("dest-"), `oci:${directory}:multi`, `docker://${registry}/team/app:multi`);
      expect(store.repository("team/app")?.tags.get("multi")).toBe(multi.digest);
      expect([...(store.repository("team/app")?.manifests.keys() ?? [])].sort()).toEqual([amd64.digest, arm64.digest, multi.digest].sort());

      expect(JSON.parse(await run("list-tags", ...here(""), `docker://${registry}/team/app`))).toMatchObject({ Tags: ["multi", "v1"] });
      const inspected = JSON.parse(await run("inspect", ...here(""), `docker://${registry}/team/app:v1`));
      expect(inspected).toMatchObject({ Digest: amd64.digest, Architecture: "amd64", Created: "2026-01-01T00:00:00Z" });

      const from = `docker://${registry}/team/app:v1`;
      await run("copy", "--format", "v2s2", ...here("src-"), ...here("dest-"), from, `docker://${registry}/team/docker:v1`);
      const docker = store.repository("team/docker");
      expect(docker?.manifests.get(docker.tags.get("v1") ?? "")?.mediaType).toBe("application/vnd.docker.distribution.manifest.v2+json");

      await run("delete", ...here(""), `docker://${registry}/team/docker:v1`);
      expect(store.repository("team/docker")?.tags.size).toBe(0);
      await expect(run("inspect", ...here(""), `docker://${registry}/team/docker:v1`)).rejects.toThrow(/unknown/);
    } finally {
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
