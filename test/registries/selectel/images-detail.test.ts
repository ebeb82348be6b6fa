import { createHash } from "node:crypto";
import type { Sandbox } from "../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../sandbox/images";
import { onSandbox } from "./images-rig";

const one = image({ layers: ["one"] });
const two = image({ layers: ["two"] });
const arm = image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } });
const signature = artifact({ artifactType: "application/vnd.example.signature", subject: one });
/** Has a config with a platform and a subject. */
const disguised = referring(image({ layers: ["signature"] }), one);
const none: ReadonlySet<string> = new Set();
const all = { created: none, referrers: true };

const reads = (asked: readonly string[]) => [...new Set(asked.filter((line) => line.startsWith("host GET manifests")))].sort();
const read = (...digests: readonly string[]) => digests.map((digest) => `host GET manifests/${digest}`).sort();

describe("the detail of an inventory", () => {
  it("costs nothing where every image is tagged and has a platform", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", "v2", two);
    };
    await onSandbox({}, fill, async ({ images, asked, forget }) => {
      const inventory = await images.inventory("team/app");
      forget();
      const detailed = await images.detail(inventory, { created: new Set(inventory.manifests.keys()), referrers: true });
      expect(detailed).toEqual(inventory);
      expect(asked()).toEqual([]);
    });
  });

  it("reads every untagged image, which may be somebody's signature in the clothes of an image", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", undefined, disguised);
      push(store, "team/app", undefined, two);
    };
    await onSandbox({}, fill, async ({ images, asked, tokens }) => {
      const inventory = await images.inventory("team/app");
      expect(inventory.manifests.get(disguised.digest)).toMatchObject({ kind: "image", size: 0 });
      expect(reads(asked())).toEqual([]);
      const detailed = await images.detail(inventory, all);
      expect(detailed.manifests.get(disguised.digest)).toMatchObject({ subject: one.digest, size: disguised.bytes.length });
      // The registry's date stays.
      expect(detailed.manifests.get(two.digest)).toMatchObject({ kind: "image", created: { source: "registry" } });
      expect(reads(asked())).toEqual(read(disguised.digest, two.digest));
      expect(await tokens()).toHaveLength(1);
    });
  });

  it("is left out where nobody asks for it", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", undefined, two),
      async ({ images, asked }) => {
        await images.detail(await images.inventory("team/app"), { created: none, referrers: false });
        expect(reads(asked())).toEqual([]);
      },
    );
  });

  it("reads content once in a run", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", undefined, signature);
    };
    await onSandbox({}, fill, async ({ images, asked, forget }) => {
      await images.detail(await images.inventory("team/app"), all);
      forget();
      const again = await images.detail(await images.inventory("team/app"), all);
      expect(again.manifests.get(signature.digest)?.subject).toBe(one.digest);
      expect(reads(asked())).toEqual([]);
    });
  });

  it("finds the subject of a referrer although no list shows it, and what hangs on it", async () => {
    const hidden = index([two, arm]);
    const note = artifact({ artifactType: "application/vnd.example.note", subject: hidden });
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", undefined, hidden);
      push(store, "team/app", undefined, note);
    };
    await onSandbox({}, fill, async ({ images }) => {
      const { manifests, missing } = await images.inventory("team/app");
      expect(manifests.get(hidden.digest)).toMatchObject({ index: true, children: [two.digest, arm.digest] });
      expect([...missing]).toEqual([]);
    });
  });

  it("proves that a referrer's subject is missing", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", undefined, signature),
      async ({ images }) => {
        const { missing } = await images.detail(await images.inventory("team/app"), all);
        expect([...missing]).toEqual([one.digest]);
      },
    );
  });

  it("reads an OCI index that the API only describes: it may have a subject. Docker's lists cannot", async () => {
    const referring = index([two, arm], { subject: one });
    const docker = index([image({ format: "docker" })], { format: "docker" });
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", "about-v1", referring);
      push(store, "team/app", "docker", docker);
    };
    await onSandbox({}, fill, async ({ images, asked }) => {
      const inventory = await images.inventory("team/app");
      expect(inventory.manifests.get(referring.digest)).toMatchObject({ index: true, children: [two.digest, arm.digest] });
      expect(reads(asked())).toEqual([]);
      const { manifests } = await images.detail(inventory, all);
      expect(manifests.get(referring.digest)).toMatchObject({ subject: one.digest, children: [two.digest, arm.digest] });
      expect(reads(asked())).toEqual(read(referring.digest));
    });
  });

  it("does not read the children of indexes that have a platform", async () => {
    await onSandbox(
      { selectel: { layersShape: "array" } },
      ({ store }) => push(store, "team/app", "v1", index([one, arm])),
      async ({ images, asked, forget }) => {
        const inventory = await images.inventory("team/app");
        forget();
        await images.detail(inventory, all);
        expect(reads(asked())).toEqual([]);
      },
    );
  });

  it("throws where the host knows a tag that the API's list lacks, so that something only looks untagged", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", index([one, arm]));
      push(store, "team/app", undefined, two);
    };
    await onSandbox({}, fill, async ({ images, sandbox }) => {
      sandbox.control.inject({ api: "selectel", path: "/tags$", times: 99, fault: "stale-list" });
      const inventory = await images.inventory("team/app");
      expect([...inventory.tags]).toEqual([]);
      await expect(images.detail(inventory, all)).rejects.toThrow("the tag v1 is in the registry host's list, but not in that of the API");
      sandbox.control.clearFaults();
      expect([...(await images.detail(inventory, all)).tags.keys()]).toEqual(["v1"]);
    });
  });

  it("leaves out an untagged image that is gone meanwhile", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", undefined, two),
      async ({ images, sandbox }) => {
        const inventory = await images.inventory("team/app");
        sandbox.store.deleteManifest("team/app", two.digest);
        expect((await images.detail(inventory, all)).manifests.size).toBe(0);
      },
    );
  });

  it("reads the repository again when a tagged manifest is gone meanwhile", async () => {
    const referring = index([two, arm], { subject: one });
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", "about", referring);
    };
    await onSandbox({}, fill, async ({ images, sandbox }) => {
      const inventory = await images.inventory("team/app");
      sandbox.store.deleteManifest("team/app", referring.digest);
      expect([...(await images.detail(inventory, all)).tags.keys()]).toEqual(["v1"]);
    });
  });

  it.each([
    ["403", { kind: "status", status: 403 }],
    ["500", { kind: "status", status: 500 }],
    ["nothing that proves an absence", { kind: "status", status: 404, body: "" }],
    ["another manifest", { kind: "status", status: 200, body: "{}", contentType: signature.mediaType }],
  ] as const)("throws when an untagged image cannot be read: %s", async (_, fault) => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", undefined, two),
      async ({ images, sandbox }) => {
        const inventory = await images.inventory("team/app");
        sandbox.control.inject({ api: "selectel-registry", path: "/manifests/", times: 99, fault });
        await expect(images.detail(inventory, all)).rejects.toThrow();
      },
    );
  });

  it("gives the dates of configs where the API has none", async () => {
    const inner = index([image({ layers: ["deep"], created: "2025-05-05T00:00:00Z", platform: { os: "", architecture: "" } })]);
    // A child that the list of images lacks: the API hides it, so its date is only in its config.
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", "v1", index([inner])),
      async ({ images }) => {
        const inventory = await images.inventory("team/app");
        const detailed = await images.detail(inventory, { created: new Set(inventory.manifests.keys()), referrers: false });
        expect(detailed.manifests.get(inner.digest)?.created?.time).toBe(Date.parse("2025-05-05T00:00:00Z"));
      },
    );
  });

  it("works for a copy of an inventory, too", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", undefined, signature);
    };
    await onSandbox({}, fill, async ({ images }) => {
      const copy = { ...(await images.inventory("team/app")) };
      expect((await images.detail(copy, all)).manifests.get(signature.digest)?.subject).toBe(one.digest);
    });
  });
});

/** The same image with a subject. */
function referring(made: Fixture, { descriptor: { mediaType, digest, size } }: Fixture): Fixture {
  const bytes = Buffer.from(JSON.stringify({ ...JSON.parse(made.bytes.toString("utf8")), subject: { mediaType, digest, size } }));
  return { ...made, bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

describe("manifests that are asked for by digest", () => {
  it("are in the inventory with all that they consist of, also where the list of images hides them", async () => {
    const hidden = index([one, arm]);
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", two);
      push(store, "team/app", undefined, hidden);
    };
    await onSandbox({}, fill, async ({ images }) => {
      const inventory = await images.inventory("team/app");
      expect(inventory.manifests.has(hidden.digest)).toBe(false);
      const nowhere = `sha256:${"0".repeat(64)}`;
      const detailed = await images.detail(inventory, { created: none, referrers: false, digests: new Set([hidden.digest, nowhere]) });
      expect(detailed.manifests.get(hidden.digest)?.children).toEqual([one.digest, arm.digest]);
      expect(detailed.manifests.has(nowhere)).toBe(false);
    });
  });
});
