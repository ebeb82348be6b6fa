import type { Sandbox } from "../../sandbox";
import { image, index, push } from "../../sandbox/images";
import type { SelectelSwitches } from "../../sandbox/selectel";
import { manifestsOf, onSandbox } from "./images-rig";

const one = image({ layers: ["one"] });
const two = image({ layers: ["two"] });
const many = index([one, image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } })]);
const fill = ({ store }: Sandbox) => {
  push(store, "team/app", "v1", many);
  push(store, "team/app", "v2", two);
};

describe("the listing after deletions", () => {
  it("says what is there by fresh lists, and asks for hidden manifests only", async () => {
    for (const layersShape of ["object", "array"] as const) {
      await onSandbox({ selectel: { layersShape } }, fill, async ({ images, asked, forget }) => {
        await images.inventory("team/app");
        await images.delete("team/app", manifestsOf({ digest: two.digest, tags: ["v2"] }), { placeholder: false });
        forget();
        const { tags, has } = await images.listing("team/app");
        expect([...tags]).toEqual(["v1"]);
        expect(await has(two.digest)).toBe(false);
        expect(await has(one.digest)).toBe(true);
        expect(asked().filter((line) => !/^GET (images|tags)$/.test(line))).toEqual([]);
        expect(await has(many.digest)).toBe(true);
        expect(asked().at(-1)).toMatch(layersShape === "object" ? /^GET layers/ : /^host HEAD manifests/);
      });
    }
  });

  it.each<Partial<SelectelSwitches>>([{ layersShape: "object" }, { layersShape: "array" }])(
    "sees that a hidden index is gone: %j",
    async (selectel) => {
      await onSandbox({ selectel }, fill, async ({ images, sandbox }) => {
        await images.inventory("team/app");
        await images.delete("team/app", manifestsOf({ digest: many.digest, tags: ["v1"] }), { placeholder: false });
        // Looked at once more between two batches.
        await images.inventory("team/app");
        const { has } = await images.listing("team/app");
        expect(await has(many.digest)).toBe(false);
        push(sandbox.store, "team/app", undefined, many);
        expect(await has(many.digest)).toBe(true);
      });
    },
  );

  it("is right in a view that has not looked before", async () => {
    await onSandbox({}, fill, async ({ images }) => {
      const { has } = await images.listing("team/app");
      expect(await has(many.digest)).toBe(true);
      expect(await has(two.digest)).toBe(true);
      expect(await has(`sha256:${"0".repeat(64)}`)).toBe(false);
    });
  });

  it("is empty where the repository is gone", async () => {
    await onSandbox({}, fill, async ({ images, sandbox }) => {
      await images.inventory("team/app");
      sandbox.store.deleteRepository("team/app");
      const { tags, has } = await images.listing("team/app");
      expect([...tags]).toEqual([]);
      expect(await has(many.digest)).toBe(false);
      expect(await has(two.digest)).toBe(false);
    });
  });

  it("throws when a list is not complete, and when nobody says whether something is there", async () => {
    await onSandbox({}, fill, async ({ images, sandbox }) => {
      await images.inventory("team/app");
      const { has } = await images.listing("team/app");
      sandbox.control.inject({ api: "selectel", path: "sha256", times: 99, fault: { kind: "status", status: 500 } });
      await expect(has(many.digest)).rejects.toThrow();
      sandbox.control.inject({ api: "selectel", path: "/tags$", times: 99, fault: { kind: "status", status: 500 } });
      await expect(images.listing("team/app")).rejects.toThrow();
    });
  });
});

describe("an untagged image in a repository from which this run has deleted", () => {
  const loose = image({ layers: ["loose"], created: "2020-01-01T00:00:00Z" });
  const fresh = image({ layers: ["fresh"], created: "2020-01-01T00:00:00Z" });
  const created = { time: Date.parse("2020-01-01T00:00:00Z"), source: "registry" };

  it("is no younger for that; one that was not there before is", async () => {
    const filled = (sandbox: Sandbox) => {
      fill(sandbox);
      push(sandbox.store, "team/app", undefined, loose);
    };
    await onSandbox({}, filled, async ({ images, sandbox, clock }) => {
      expect((await images.inventory("team/app")).manifests.get(loose.digest)?.created).toEqual(created);
      await images.delete("team/app", manifestsOf({ digest: many.digest, tags: ["v1"] }), { placeholder: false });
      push(sandbox.store, "team/app", undefined, fresh);
      const { manifests } = await images.inventory("team/app");
      expect(manifests.get(loose.digest)?.created).toEqual(created);
      expect(manifests.get(one.digest)?.created?.time).toBe(Date.parse("2026-01-01T00:00:00Z"));
      expect(manifests.get(fresh.digest)?.created?.time).toBe(clock.now());
    });
  });
});
