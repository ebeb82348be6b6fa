import { createHash } from "node:crypto";
import { RepositoryUnknown } from "../../../provider/registries/image-registry";
import type { Sandbox } from "../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../sandbox/images";
import type { SelectelSwitches } from "../../sandbox/selectel";
import { hour, onSandbox, type Rig } from "./images-rig";

const one = image({ layers: ["one"] });
const two = image({ layers: ["two"] });
const arm = image({ layers: ["arm"], created: "2026-01-02T00:00:00Z", platform: { os: "linux", architecture: "arm64" } });
const attestation = image({ layers: ["provenance"], created: null, platform: { os: "unknown", architecture: "unknown" } });
const many = index([one, arm]);
const built = { time: Date.parse("2026-01-01T00:00:00Z"), source: "registry" };

const toHost = (asked: readonly string[]) => asked.filter((line) => line.startsWith("host") || line.includes("token"));
const sorted = (digests: Iterable<string>) => [...digests].sort();
const digestsOf = (...fixtures: readonly Fixture[]) => sorted(fixtures.map(({ digest }) => digest));

/** Puts tags into the store that point to nothing: no API would do it. */
function dangle({ store }: Sandbox, repository: string, tag: string): void {
  // The store shows its own maps as read-only.
  const tags = store.createRepository(repository).tags as Map<string, string>;
  tags.set(tag, `sha256:${"9".repeat(64)}`);
}

function fails(rig: Rig, repository = "team/app"): Promise<string> {
  return rig.images.inventory(repository).then(
    () => {
      throw new Error("it succeeded");
    },
    (error: Error) => error.message,
  );
}

describe("the inventory of a repository without indexes", () => {
  it("is what its two lists say, with neither a token nor a request for each image", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", ["v1", "latest"], one);
      push(store, "team/app", "v2", two);
    };
    await onSandbox({ pageSize: 1 }, fill, async ({ images, asked }) => {
      const inventory = await images.inventory("team/app");
      expect(inventory.repository).toBe("team/app");
      expect(Object.fromEntries(inventory.tags)).toEqual({ latest: one.digest, v1: one.digest, v2: two.digest });
      expect(sorted(inventory.manifests.keys())).toEqual(digestsOf(one, two));
      const layer = one.blobs[1];
      expect(inventory.manifests.get(one.digest)).toEqual({
        digest: one.digest,
        mediaType: one.mediaType,
        size: 0,
        kind: "image",
        index: false,
        children: [],
        created: built,
        blobs: [{ digest: layer?.digest, size: layer?.bytes.length }],
      });
      expect(inventory).toMatchObject({ dangling: [], missing: new Set() });
      expect(asked()).toEqual(["login", "GET registries?team", "GET images", "GET tags", "GET registries/*/repositories/*"]);
    });
  });

  it("finds a nested name, which is one segment of the path", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/deep/er/app", "v1", one),
      async ({ images }) => {
        expect([...(await images.inventory("team/deep/er/app")).tags.keys()]).toEqual(["v1"]);
      },
    );
  });

  it.each<Partial<SelectelSwitches>>([
    { undocumentedPaging: true, offset: "items" },
    { undocumentedPaging: true, offset: "pages" },
    { undocumentedPaging: true, offset: "items", maxLimit: 3 },
    { undocumentedPaging: true, offset: "pages", maxLimit: 3 },
  ])("reads all pages where the service pages: %j", async (selectel) => {
    const fixtures = Array.from({ length: 25 }, (_, at) => image({ layers: [`layer ${at}`] }));
    const fill = ({ store }: Sandbox) => {
      for (const [at, fixture] of fixtures.entries()) push(store, "team/app", `v${at}`, fixture);
    };
    await onSandbox({ selectel, pageSize: 4 }, fill, async ({ images }) => {
      const { tags, manifests } = await images.inventory("team/app");
      expect(tags.size).toBe(25);
      expect(sorted(manifests.keys())).toEqual(digestsOf(...fixtures));
    });
  });
});

describe("an index, which the API's list hides", () => {
  const fill = ({ store }: Sandbox) => {
    push(store, "team/app", "v1", many);
    push(store, "team/app", "single", two);
  };

  it("is read through the API where that says enough: no token", async () => {
    await onSandbox({ selectel: { layersShape: "object" } }, fill, async ({ images, asked, tokens }) => {
      const inventory = await images.inventory("team/app");
      expect(inventory.tags.get("v1")).toBe(many.digest);
      expect(inventory.manifests.get(many.digest)).toMatchObject({ index: true, kind: "image", children: [one.digest, arm.digest] });
      expect(asked()).toContain("GET layers v1");
      expect(toHost(asked())).toEqual([]);
      expect(await tokens()).toEqual([]);
    });
  });

  it("is read at the registry host where the API says too little, with one token for all", async () => {
    const more = (rig: Sandbox) => {
      fill(rig);
      push(rig.store, "team/app", "v2", index([two, arm]));
      push(rig.store, "team/other", "v3", index([one, two]));
    };
    await onSandbox({ selectel: { layersShape: "array" } }, more, async ({ images, asked, tokens }) => {
      const inventory = await images.inventory("team/app");
      expect(inventory.manifests.get(many.digest)).toMatchObject({
        index: true,
        size: many.bytes.length,
        children: [one.digest, arm.digest],
        mediaType: many.mediaType,
      });
      await images.inventory("team/other");
      expect(await tokens()).toEqual(["registry-as-code-cleanup-nonce1"]);
      // The API was asked about the first index, and then no more.
      expect(asked().filter((line) => line.startsWith("GET layers"))).toEqual(["GET layers v1"]);
      // The very first request met the challenge.
      expect(
        asked()
          .filter((line) => line.startsWith("host GET manifests"))
          .sort(),
      ).toEqual(["host GET manifests/v1", "host GET manifests/v1", "host GET manifests/v2", "host GET manifests/v3"]);
    });
  });

  it.each(["basic", "bearer"] as const)("is read with %s authentication", async (hostAuth) => {
    await onSandbox({ selectel: { layersShape: "array", hostAuth } }, fill, async ({ images }) => {
      expect((await images.inventory("team/app")).tags.get("v1")).toBe(many.digest);
    });
  });

  it("has the date of its newest child, attestations left out", async () => {
    for (const layersShape of ["object", "array"] as const) {
      await onSandbox(
        { selectel: { layersShape } },
        ({ store }) => push(store, "team/app", "v1", index([one, arm, attestation])),
        async ({ images }) => {
          const { manifests } = await images.inventory("team/app");
          const [digest] = sorted(manifests.keys()).filter((found) => manifests.get(found)?.index);
          expect(manifests.get(digest ?? "")?.created).toEqual({ time: Date.parse("2026-01-02T00:00:00Z"), source: "children" });
        },
      );
    }
  });

  it.each(["object", "array"] as const)("is found inside another one (%s)", async (layersShape) => {
    const outer = index([many, two]);
    await onSandbox(
      { selectel: { layersShape } },
      ({ store }) => push(store, "team/app", "all", outer),
      async ({ images }) => {
        const { manifests, tags } = await images.inventory("team/app");
        expect(Object.fromEntries(tags)).toEqual({ all: outer.digest });
        expect(sorted(manifests.keys())).toEqual(digestsOf(outer, many, one, arm, two));
        expect(manifests.get(outer.digest)?.children).toEqual([many.digest, two.digest]);
        expect(manifests.get(many.digest)?.children).toEqual([one.digest, arm.digest]);
      },
    );
  });

  it("may have tags that the API cannot be asked about by name", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", ["tags", "images"], many),
      async ({ images, asked }) => {
        expect(Object.fromEntries((await images.inventory("team/app")).tags)).toEqual({ tags: many.digest, images: many.digest });
        expect(asked().filter((line) => line === "GET images")).toHaveLength(2);
        expect(asked()).not.toContain("GET layers images");
      },
    );
  });

  it("shares children, with other indexes and with tags of their own", async () => {
    const other = index([arm, two]);
    const filled = ({ store }: Sandbox) => {
      push(store, "team/app", ["v1", "v1.0"], many);
      push(store, "team/app", "v2", other);
      push(store, "team/app", "arm", arm);
    };
    await onSandbox({}, filled, async ({ images }) => {
      const { manifests, tags } = await images.inventory("team/app");
      expect(Object.fromEntries(tags)).toEqual({ v1: many.digest, "v1.0": many.digest, v2: other.digest, arm: arm.digest });
      expect(manifests.get(many.digest)?.children).toEqual([one.digest, arm.digest]);
      expect(manifests.get(other.digest)?.children).toEqual([arm.digest, two.digest]);
    });
  });

  it("whose child does not exist has a missing one", async () => {
    const filled = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", many);
      store.deleteManifest("team/app", arm.digest);
    };
    await onSandbox({}, filled, async ({ images }) => {
      const { manifests, missing } = await images.inventory("team/app");
      expect(manifests.get(many.digest)?.children).toEqual([one.digest, arm.digest]);
      expect([...missing]).toEqual([arm.digest]);
    });
  });

  it("may be one of the service's images, should it list them one day", async () => {
    // A document without the media type of an index that has children: the sandbox hides what has children, so a scripted index is listed.
    const empty = index([]);
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", "v1", empty),
      async ({ images }) => {
        expect((await images.inventory("team/app")).manifests.get(empty.digest)).toMatchObject({
          index: true,
          kind: "other",
          children: [],
        });
      },
    );
  });
});

describe("what kind of thing it is", () => {
  const helm: Fixture = withConfig("application/vnd.cncf.helm.config.v1+json", "chart");
  const cache = withConfig("application/vnd.buildkit.cacheconfig.v0", "cache");
  const sbom = artifact({ artifactType: "application/spdx+json", subject: one });

  it("is read where the list does not tell: something tagged without a platform", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", "cache", cache);
      push(store, "team/app", "sbom", sbom);
    };
    await onSandbox({}, fill, async ({ images }) => {
      const { manifests } = await images.inventory("team/app");
      expect(manifests.get(one.digest)?.kind).toBe("image");
      expect(manifests.get(cache.digest)?.kind).toBe("other");
      expect(manifests.get(sbom.digest)).toMatchObject({ kind: "other", subject: one.digest, artifactType: "application/spdx+json" });
    });
  });

  it("is a chart in a repository of charts, without another request", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/charts", "1.0.0", helm),
      async ({ images, asked }) => {
        expect((await images.inventory("team/charts")).manifests.get(helm.digest)).toMatchObject({ kind: "helm" });
        expect(toHost(asked())).toEqual([]);
      },
    );
  });

  it("is read of something untagged without a platform, too: it may refer to something, whose absence is proven then", async () => {
    const orphan = artifact({ artifactType: "application/spdx+json", subject: two });
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", undefined, sbom);
      push(store, "team/app", undefined, orphan);
    };
    await onSandbox({}, fill, async ({ images }) => {
      const { manifests, missing } = await images.inventory("team/app");
      expect(manifests.get(sbom.digest)).toMatchObject({ kind: "other", subject: one.digest });
      expect(manifests.get(orphan.digest)).toMatchObject({ kind: "other", subject: two.digest });
      expect([...missing]).toEqual([two.digest]);
    });
  });

  it("is nothing of which somebody has removed it meanwhile", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", undefined, sbom),
      async ({ images, sandbox }) => {
        const stop = whenAsked(sandbox, () => sandbox.store.deleteManifest("team/app", sbom.digest), "selectel", /tags$/);
        expect((await images.inventory("team/app")).manifests.size).toBe(0);
        stop();
      },
    );
  });

  it("is not asked of a signature, whose tag says what it belongs to", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", one);
      push(store, "team/app", `${one.digest.replace(":", "-")}.sig`, artifact({ artifactType: "application/vnd.dev.cosign" }));
    };
    await onSandbox({}, fill, async ({ images, asked }) => {
      await images.inventory("team/app");
      expect(toHost(asked())).toEqual([]);
    });
  });

  it("looks for the subject that a signature's tag names, and proves it missing", async () => {
    const subject = `sha256:${"5".repeat(64)}`;
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", `${subject.replace(":", "-")}.sig`, artifact({ artifactType: "application/vnd.dev.cosign" })),
      async ({ images }) => {
        expect([...(await images.inventory("team/app")).missing]).toEqual([subject]);
      },
    );
  });
});

describe("an inventory that cannot be complete", () => {
  const fill = ({ store }: Sandbox) => {
    push(store, "team/app", "v1", many);
    push(store, "team/app", "v2", two);
  };
  const twoLists = /images$|tags$/.source;

  it.each([
    ["RepositoryUnknown: no such repository", "team/none"],
    ["RepositoryUnknown: no such registry", "none/app"],
    ["RepositoryUnknown: no registry of just that name", "tea/app"],
    ["RepositoryUnknown: not of this form", "app"],
  ])("%s", async (_, repository) => {
    await onSandbox({}, fill, async ({ images }) => {
      await expect(images.inventory(repository)).rejects.toBeInstanceOf(RepositoryUnknown);
    });
  });

  it.each([
    ["500 for good", { kind: "status", status: 500 }, 99],
    ["403", { kind: "status", status: 403 }, 1],
    ["HTML", { kind: "html" }, 99],
    ["JSON that breaks off", { kind: "broken-json" }, 99],
    ["no answer", { kind: "reset-before" }, 99],
  ] as const)("throws when a list is %s", async (_, fault, times) => {
    for (const path of ["/images$", "/tags$"]) {
      await onSandbox({}, fill, async (rig) => {
        rig.sandbox.control.inject({ api: "selectel", path, times, fault });
        await expect(rig.images.inventory("team/app")).rejects.toThrow();
      });
    }
  });

  it("goes on after a fault that passes", async () => {
    for (const fault of [{ kind: "status", status: 503 }, { kind: "reset-before" }, { kind: "broken-json" }] as const) {
      await onSandbox({}, fill, async (rig) => {
        rig.sandbox.control.inject({ api: "selectel", path: twoLists, times: 2, fault });
        expect((await rig.images.inventory("team/app")).tags.size).toBe(2);
      });
    }
  });

  it("logs in again where the session has ended", async () => {
    await onSandbox({}, fill, async ({ sandbox, images, asked }) => {
      await images.inventory("team/app");
      sandbox.selectel?.state.expireSessions();
      expect((await images.inventory("team/app")).tags.size).toBe(2);
      expect(asked().filter((line) => line === "login")).toHaveLength(2);
    });
  });

  it("throws when a tag is on an image and not in the list of tags, twice", async () => {
    const fixtures = Array.from({ length: 12 }, (_, at) => image({ layers: [`layer ${at}`] }));
    const filled = ({ store }: Sandbox) => {
      for (const [at, fixture] of fixtures.entries()) push(store, "team/app", `v${at}`, fixture);
    };
    await onSandbox({ pageSize: 4 }, filled, async (rig) => {
      rig.sandbox.control.inject({ api: "selectel", path: "/tags$", times: 2, fault: "short-page" });
      expect(await fails(rig)).toMatch(/the tag v\d+ is on an image but not in the list of tags/);
    });
  });

  it("throws when the list of images lacks a tagged image, twice", async () => {
    const fixtures = Array.from({ length: 12 }, (_, at) => image({ layers: [`layer ${at}`] }));
    const filled = ({ store }: Sandbox) => {
      for (const [at, fixture] of fixtures.entries()) push(store, "team/app", `v${at}`, fixture);
    };
    await onSandbox({ pageSize: 4 }, filled, async (rig) => {
      rig.sandbox.control.inject({ api: "selectel", path: "/images$", times: 2, fault: "short-page" });
      expect(await fails(rig)).toMatch(/points to the image sha256:\w+, which the list of images lacks/);
    });
  });

  it("is read again when a list was short once", async () => {
    const fixtures = Array.from({ length: 12 }, (_, at) => image({ layers: [`layer ${at}`] }));
    const filled = ({ store }: Sandbox) => {
      for (const [at, fixture] of fixtures.entries()) push(store, "team/app", `v${at}`, fixture);
    };
    for (const path of ["/images$", "/tags$"]) {
      await onSandbox({ pageSize: 4 }, filled, async ({ sandbox, images }) => {
        sandbox.control.inject({ api: "selectel", path, fault: "short-page" });
        expect((await images.inventory("team/app")).tags.size).toBe(12);
      });
    }
  });

  it("finds the tag of an index that a short list lost, since its children look loose", async () => {
    const indexes = Array.from({ length: 12 }, (_, at) => index([image({ layers: [`amd ${at}`] }), image({ layers: [`arm ${at}`] })]));
    const filled = ({ store }: Sandbox) => {
      for (const [at, fixture] of indexes.entries()) push(store, "team/app", `v${at}`, fixture);
    };
    await onSandbox({ pageSize: 4 }, filled, async ({ sandbox, images }) => {
      sandbox.control.inject({ api: "selectel", path: "/tags$", fault: "short-page" });
      expect((await images.inventory("team/app")).tags.size).toBe(12);
    });
  });

  describe.each(["object", "array"] as const)("when an index cannot be read (%s)", (layersShape) => {
    it.each([
      ["403", { kind: "status", status: 403 }],
      ["500", { kind: "status", status: 500 }],
      ["404 without a reason", { kind: "status", status: 404, body: "" }],
      ["no manifest", { kind: "status", status: 200, body: '{"schemaVersion":2,"manifests":{}}', contentType: many.mediaType }],
      ["half of it", { kind: "truncated" }],
    ] as const)("throws: %s", async (_, fault) => {
      await onSandbox({ selectel: { layersShape } }, fill, async (rig) => {
        rig.sandbox.control.inject({ api: "selectel", path: "/v1$", times: 99, fault: { kind: "status", status: 500 } });
        rig.sandbox.control.inject({ api: "selectel-registry", path: "/manifests/", times: 99, fault });
        await expect(rig.images.inventory("team/app")).rejects.toThrow();
      });
    });

    it("throws when there is no token to be had", async () => {
      await onSandbox({ selectel: { layersShape: "array" } }, fill, async (rig) => {
        rig.sandbox.control.inject({
          api: "selectel",
          method: "POST",
          path: "/v2/tokens$",
          times: 99,
          fault: { kind: "status", status: 403 },
        });
        expect(await fails(rig)).toMatch(/403/);
      });
    });
  });

  it("names a tag that points to nothing, and goes on", async () => {
    const filled = (sandbox: Sandbox) => {
      fill(sandbox);
      dangle(sandbox, "team/app", "ghost");
    };
    await onSandbox({}, filled, async ({ images }) => {
      const { dangling, tags } = await images.inventory("team/app");
      expect(dangling).toEqual(["ghost"]);
      expect([...tags.keys()].sort()).toEqual(["v1", "v2"]);
    });
  });

  it("takes no notice of a tag that somebody removed while the lists were read", async () => {
    const filled = (sandbox: Sandbox) => {
      fill(sandbox);
      dangle(sandbox, "team/app", "ghost");
    };
    await onSandbox({}, filled, async ({ images, sandbox }) => {
      // The list before still has it, the one after does not.
      const stop = whenAsked(sandbox, () => sandbox.store.deleteTag("team/app", "ghost"));
      const { dangling } = await images.inventory("team/app");
      stop();
      expect(dangling).toEqual([]);
    });
  });
});

describe("what has just been pushed", () => {
  const old = image({ layers: ["mirrored"], created: "2020-01-01T00:00:00Z" });
  const changed = Date.parse("2026-01-02T00:00:00Z");

  it.each([
    ["is as young as the last change where that was minutes ago, whatever its build says", 10 * 60_000, changed],
    ["is as old as its build where the repository has been quiet", hour, Date.parse("2020-01-01T00:00:00Z")],
  ])("an untagged image %s", async (_, later, time) => {
    await onSandbox(
      {},
      () => {},
      async ({ images, sandbox }) => {
        push(sandbox.store, "team/app", "v1", one);
        push(sandbox.store, "team/app", undefined, old);
        sandbox.clock.set(new Date(changed));
        push(sandbox.store, "team/app", "v1", one);
        sandbox.clock.advance(later);
        const { manifests } = await images.inventory("team/app");
        expect(manifests.get(old.digest)?.created).toEqual({ time, source: "registry" });
        expect(manifests.get(one.digest)?.created).toEqual(built);
      },
    );
  });

  it("goes by the builds alone where the guard is off", async () => {
    await onSandbox(
      { images: { pushGuard: 0 } },
      () => {},
      async ({ images, sandbox }) => {
        push(sandbox.store, "team/app", undefined, old);
        expect((await images.inventory("team/app")).manifests.get(old.digest)?.created?.time).toBe(Date.parse("2020-01-01T00:00:00Z"));
      },
    );
  });

  it("spares the children of an index that is there already", async () => {
    await onSandbox(
      { pageSize: 1 },
      () => {},
      async ({ images, sandbox, asked }) => {
        push(sandbox.store, "team/app", ["v1", "v2"], many);
        expect((await images.inventory("team/app")).manifests.get(one.digest)?.created).toEqual(built);
        expect(asked().filter((line) => line === "GET tags")).toHaveLength(1);
      },
    );
  });
});

/** An image manifest with a config of this type. */
function withConfig(mediaType: string, name: string): Fixture {
  const made = artifact({ artifactType: "application/vnd.example", content: name });
  const document = JSON.parse(made.bytes.toString("utf8"));
  const { artifactType, ...rest } = document;
  const bytes = Buffer.from(JSON.stringify({ ...rest, config: { ...rest.config, mediaType } }));
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { ...made, bytes, digest, descriptor: { ...made.descriptor, digest, size: bytes.length } };
}

/** Does something when a request to an API, by default to the registry host, has come in. */
function whenAsked({ store, control }: Sandbox, act: () => void, api = "selectel-registry", path = /./): () => void {
  const { repository } = store;
  // The sandbox looks its repository up for each request; what is done here comes before its effect.
  store.repository = (name) => {
    const found = repository.call(store, name);
    if (control.requests({ api, path }).length > 0) act();
    return found;
  };
  return () => {
    store.repository = repository;
  };
}
