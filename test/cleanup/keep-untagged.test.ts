import { planCleanup } from "../../provider/cleanup";
import { startSandbox } from "../sandbox";
import { image, index, push } from "../sandbox/images";

const amd = image({ layers: ["amd"], created: "2025-01-01T00:00:00Z" });
const arm = image({ layers: ["arm"], created: "2025-01-01T00:00:00Z", platform: { os: "linux", architecture: "arm64" } });
const old = image({ layers: ["old"], created: "2025-01-01T00:00:00Z", platform: { os: "linux", architecture: "arm64" } });
/** What runs: pulled by digest long ago, its tag has moved since. */
const running = index([amd, arm]);
const doomed = index([amd, old]);

describe("a digest on a keep-list that no tag leads to", () => {
  it.each([
    [[], [amd.digest, doomed.digest, old.digest]],
    [[running.digest], [doomed.digest, old.digest]],
    [[`team/app@${running.digest}`], [doomed.digest, old.digest]],
    // Not here, and no failure.
    [[`sha256:${"0".repeat(64)}`], [amd.digest, doomed.digest, old.digest]],
  ])("keeps what it consists of: %j", async (keepDigests, expected) => {
    const sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "none" } });
    push(sandbox.store, "team/app", "latest", image({ layers: ["latest"] }));
    push(sandbox.store, "team/app", undefined, running);
    push(sandbox.store, "team/app", "pr-1", doomed);
    const registry = sandbox.info.oci?.url ?? "";
    const hosted = keepDigests.map((kept) => (kept.startsWith("team/") ? `${new URL(registry).host}/${kept}` : kept));
    const plan = await planCleanup({
      registry: { type: "oci", registry },
      deleteTags: "pr-*",
      ...(hosted.length > 0 && { keepDigests: hosted }),
    });
    const going = plan.repositories.flatMap(({ deletions }) => deletions.flatMap((one) => (one.kind === "manifest" ? [one.digest] : [])));
    expect(going.sort()).toEqual([...expected].sort());
    await sandbox.close();
  });
});
