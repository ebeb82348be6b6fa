import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findTool } from "../../setup/tools";
import { standingClock, startSandbox } from "..";
import { image, index } from "../images";
import { writeLayout } from "../layout";

const skopeo = findTool("skopeo")?.path;

const amd64 = image({ layers: ["shared", "amd64"] });
const arm64 = image({ layers: ["shared", "arm64"], platform: { os: "linux", architecture: "arm64" } });
const multi = index([amd64, arm64]);

/** Everything over sockets, pushed by a client that knows nothing of us. */
(skopeo || process.env.CI ? describe : describe.skip)("images pushed by skopeo", () => {
  it("appear in the Extended API, can be pulled, and not while the registry is offline", async () => {
    if (!skopeo) throw new Error("skopeo is missing: npm run setup -- skopeo");
    const directory = mkdtempSync(join(tmpdir(), "registryui-push-"));
    const sandbox = await startSandbox({
      apis: ["registryui"],
      clock: standingClock(),
      registryui: {
        users: { ci: { token: "ci-token", update: ["team/app"] }, viewer: { token: "viewer-token", read: ["team/app"] } },
      },
    });
    try {
      const { url = "", username = "", token = "" } = sandbox.info.registryui ?? {};
      writeLayout(directory, { single: amd64, multi });
      const policy = join(directory, "policy.json");
      writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
      const target = (tag: string) => `docker://${new URL(url).host}/team/app:${tag}`;
      const run = async (...args: string[]) => {
        const env = { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: directory };
        return (await promisify(execFile)(skopeo, ["--policy", policy, ...args], { env })).stdout;
      };
      const creds = (side: string, user: string) => [`--${side}tls-verify=false`, `--${side}creds`, user];
      const push = (name: string, user: string, tag = name) =>
        run("copy", "--all", "--preserve-digests", "--retry-times=0", ...creds("dest-", user), `oci:${directory}:${name}`, target(tag));
      const call = async (method: string, target: string): Promise<Record<string, unknown>> => {
        const authorization = `Basic ${Buffer.from(`${username}:${token}`).toString("base64")}`;
        return JSON.parse(await (await fetch(`${url}/udr/v1api/${target}`, { method, headers: { authorization } })).text());
      };

      await expect(push("single", "ci:ci-token")).rejects.toThrow(/denied|403/);
      await call("POST", "project/create?repository=team/app");
      await expect(push("single", "viewer:viewer-token")).rejects.toThrow(/denied|403/);
      await expect(push("single", "ci:wrong")).rejects.toThrow(/unauthorized|authentication required|incorrect username/);
      await push("single", "ci:ci-token");
      await push("multi", `${username}:${token}`);
      await push("single", "ci:ci-token", "same");

      const tags = (await call("GET", "tags?repository=team%2Fapp")).entries;
      const lastUpdated = "2026-01-01T00:00:00.0008036";
      expect(tags).toMatchObject([
        { tagName: "multi", lastUpdated, lastUpdatedBy: "admin", details: { digest: multi.digest } },
        { tagName: "same", lastUpdatedBy: "ci", details: { digest: amd64.digest } },
        { tagName: "single", lastUpdatedBy: "ci", details: { digest: amd64.digest, architecture: "amd64" }, pushCount: 1 },
      ]);
      expect(sandbox.store.repository("registryui/team/app")?.tags.get("multi")).toBe(multi.digest);
      const inspected = JSON.parse(await run("inspect", ...creds("", "viewer:viewer-token"), target("multi")));
      expect(inspected).toMatchObject({ Architecture: "amd64", RepoTags: expect.arrayContaining(["multi", "single"]) });

      await call("POST", "setoffline");
      const pulled = join(directory, "pulled");
      const copyOut = () =>
        run("copy", "--all", "--retry-times=0", ...creds("src-", "viewer:viewer-token"), target("multi"), `oci:${pulled}:multi`);
      await expect(copyOut()).rejects.toThrow(/offline|503|Service Unavailable/);
      await expect(push("single", "ci:ci-token")).rejects.toThrow(/offline|503|Service Unavailable/);
      await call("POST", "setonline");
      await copyOut();
      expect(await call("DELETE", "taginfo?repository=team/app&tagName=same")).toEqual({ error: null, data: true });
      // The digest went with the tag: from its sibling, and from the index that had it as a child.
      expect((await call("GET", "tags?repository=team/app")).total).toBe(1);
      await expect(copyOut()).rejects.toThrow(/manifest unknown/);
    } finally {
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe("startSandbox with RegistryUI", () => {
  it("answers over sockets, logs without secrets, plays faults, and lets go of what still blocks when it is closed", async () => {
    const sandbox = await startSandbox({ apis: ["registryui"], registryui: { gcPolls: 9, username: "root", token: "t-0-k-e-n" } });
    const { url = "", username = "", token = "" } = sandbox.info.registryui ?? {};
    expect([username, token]).toEqual(["root", "t-0-k-e-n"]);
    const headers = { authorization: `Basic ${Buffer.from(`${username}:${token}`).toString("base64")}` };
    const call = (method: string, path: string) => fetch(`${url}/udr/v1api/${path}`, { method, headers });
    expect(await (await call("POST", "project/create?repository=app")).json()).toMatchObject({ error: null });
    sandbox.control.inject({ api: "registryui", path: "/repositories$", fault: "html" });
    expect((await call("GET", "repositories")).headers.get("content-type")).toContain("text/html");
    expect(await (await call("GET", "repositories")).json()).toMatchObject({ entries: [{ fullPath: "app" }] });
    const log = sandbox.control.requests({ api: "registryui" });
    expect(log.map(({ method, path }) => `${method} ${path.slice("/udr/v1api/".length)}`)).toEqual([
      "POST project/create",
      "GET repositories",
      "GET repositories",
    ]);
    expect(JSON.stringify(log)).not.toContain(headers.authorization.slice("Basic ".length));
    const blocked = call("POST", "garbagecollection").catch(() => "reset");
    while (!sandbox.registryui?.state.collecting) await call("GET", "nonsense");
    await sandbox.close();
    await blocked;
    expect(sandbox.registryui?.state.collections).toBe(1);
  });

  it("keeps apart from the registry `oci`", async () => {
    const sandbox = await startSandbox({ apis: ["oci", "registryui"], oci: { auth: "none" } });
    try {
      const { url = "", username = "", token = "" } = sandbox.info.registryui ?? {};
      const headers = { authorization: `Basic ${Buffer.from(`${username}:${token}`).toString("base64")}` };
      sandbox.store.createRepository("of-oci");
      sandbox.registryui?.store.createRepository("of-registryui");
      const repositories = async (target: string) =>
        ((await (await fetch(target, { headers })).json()) as { repositories: unknown }).repositories; // the catalog's only field
      expect(await repositories(`${url}/v2/_catalog`)).toEqual(["of-registryui"]);
      expect(await repositories(`${sandbox.info.oci?.url}/v2/_catalog`)).toEqual(["of-oci", "registryui/of-registryui"]);
    } finally {
      await sandbox.close();
    }
  });
});
