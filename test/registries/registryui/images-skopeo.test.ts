import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { planCleanup } from "../../../provider/cleanup";
import { image, index } from "../../sandbox/images";
import { writeLayout } from "../../sandbox/layout";
import { describeWithTool } from "../../sandbox/tool";
import { onSandbox, withoutV2Deletion } from "./images-rig";

jest.setTimeout(60_000);

const amd64 = image({ layers: ["shared", "amd64"] });
const platform = { os: "linux", architecture: "arm64" };
const release = index([amd64, image({ layers: ["shared", "arm64"], platform })]);
// Shares a part with the release, as unchanged platforms do.
const preview = index([amd64, image({ layers: ["shared", "arm64 preview"], platform })]);

describeWithTool("images for several platforms, pushed by skopeo", { name: "skopeo" }, (skopeo) => {
  it.each([
    ["by digest", {}, ["v1"]],
    ["by tag, siblings going along", { ...withoutV2Deletion, siblings: "deleted" }, ["v1"]],
    ["by tag, siblings staying", { ...withoutV2Deletion, siblings: "kept" }, ["v1"]],
    ["by tag, RegistryUI showing a part's digest", { ...withoutV2Deletion, indexDetails: "child" }, ["pr-1", "v1"]],
  ] as const)("what stays can be pulled completely afterwards: deleted %s", async (_how, switches, left) => {
    const directory = mkdtempSync(join(tmpdir(), "registryui-skopeo-"));
    try {
      await onSandbox(switches, async ({ sandbox, ui, images, time }) => {
        const { url = "", username = "", token = "" } = sandbox.info.registryui ?? {};
        const target = (tag: string) => `docker://${new URL(url).host}/team/app:${tag}`;
        writeLayout(directory, { release, preview, single: amd64 });
        const policy = join(directory, "policy.json");
        writeFileSync(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
        const run = (...args: string[]) =>
          promisify(execFile)(skopeo, ["--policy", policy, "copy", "--all", "--preserve-digests", "--retry-times=0", ...args], {
            env: { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: directory },
          });
        const access = (side: string) => [`--${side}tls-verify=false`, `--${side}creds`, `${username}:${token}`];
        const push = (name: string, tag: string) => run(...access("dest-"), `oci:${directory}:${name}`, target(tag));
        await push("release", "v1");
        await push("preview", "pr-1");
        await push("single", "pr-part");
        await push("single", "pr-part-again");
        time.advance(60 * 24 * 3_600_000);

        const selection = {
          registry: images,
          deleteTags: ["pr-*"],
          olderThan: "30d",
          maxDeletionsPercent: 100,
          now: () => time.now().getTime(),
        };
        const { repositories } = await planCleanup(selection);
        // Two tags of a part of the release: deleting either may take the part along.
        expect(repositories[0]?.deletions.flatMap((deletion) => (deletion.kind === "manifest" ? deletion.tags : [deletion.tag]))).toEqual([
          "pr-1",
        ]);
        await images.delete("team/app", repositories[0]?.deletions ?? [], { placeholder: false });

        expect([...(ui.store.repository("team/app")?.tags.keys() ?? [])].filter((tag) => !tag.startsWith("pr-part")).sort()).toEqual(left);
        const pulled = mkdtempSync(join(directory, "pulled-"));
        await run(...access("src-"), target("v1"), `oci:${pulled}:v1`);
        await run(...access("src-"), target("pr-part-again"), `oci:${pulled}:part`);
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
