import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startSandbox } from "..";
import { image, index } from "../images";
import { writeLayout } from "../layout";
import { describeWithTool } from "../tool";

jest.setTimeout(60_000);

const single = image({ layers: ["shared", "amd64"] });
const other = image({ layers: ["other"] });
const multi = index([single, image({ layers: ["shared", "arm64"], platform: { os: "linux", architecture: "arm64" } })]);

describeWithTool("skopeo as the client of DTR's registry", { name: "skopeo" }, (skopeo) => {
  it("pushes and pulls by the permissions of its user, and an immutable tag once", async () => {
    const directory = mkdtempSync(join(tmpdir(), "skopeo-dtr-"));
    const sandbox = await startSandbox({
      apis: ["dtr"],
      dtr: {
        accounts: { dev: { password: "dev-password" }, reader: { password: "reader-password" } },
        organizations: { team: { teams: { developers: { members: ["dev"] } } } },
        repositories: {
          "team/app": { visibility: "public", immutableTags: true, grants: { developers: "read-write" } },
          "team/hidden": { visibility: "private", grants: { developers: "read-only" } },
        },
      },
    });
    try {
      const registry = new URL(sandbox.info.dtr?.url ?? "").host;
      const secret = sandbox.dtr?.state.addToken("dev") ?? "";
      writeLayout(directory, { single, other, multi });
      const policy = join(directory, "policy.json");
      writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
      const run = async (...args: string[]) => {
        const env = { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: directory };
        return (await promisify(execFile)(skopeo, ["--policy", policy, ...args], { env })).stdout;
      };
      const pushAs = (creds: string, name: string, target: string) =>
        run(
          "copy",
          "--all",
          "--dest-tls-verify=false",
          "--dest-creds",
          creds,
          `oci:${directory}:${name}`,
          `docker://${registry}/${target}`,
        );
      const inspect = (target: string, ...creds: string[]) =>
        run("inspect", "--tls-verify=false", ...creds, `docker://${registry}/${target}`);

      await pushAs("dev:dev-password", "single", "team/app:v1");
      await pushAs(`dev:${secret}`, "multi", "team/app:multi");
      const stored = sandbox.dtr?.store.repository("team/app");
      expect(Object.fromEntries(stored?.tags ?? [])).toEqual({ v1: single.digest, multi: multi.digest });
      await expect(pushAs("dev:dev-password", "other", "team/app:v1")).rejects.toThrow(/immutable/);
      await expect(pushAs("reader:reader-password", "other", "team/app:v2")).rejects.toThrow(/denied|unauthorized|authentication required/);
      await expect(pushAs("dev:dev-password", "other", "team/hidden:v1")).rejects.toThrow(/denied|unauthorized|authentication required/);
      await expect(pushAs("admin:sandbox-dtr-password", "other", "team/none:v1")).rejects.toThrow(/denied/);

      expect(JSON.parse(await inspect("team/app:v1", "--no-creds"))).toMatchObject({ Digest: single.digest, Architecture: "amd64" });
      await expect(inspect("team/hidden:v1", "--no-creds")).rejects.toThrow(/denied|unauthorized|authentication required/);
      await expect(inspect("team/hidden:v1", "--creds", "dev:dev-password")).rejects.toThrow(/unknown/);
    } finally {
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
