import type { Deletion, DeletionResult } from "../../../provider/registries/image-registry";
import type { Sandbox } from "../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../sandbox/images";
import { manifestsOf, onSandbox, type Rig } from "./images-rig";

const one = image({ layers: ["one"] });
const two = image({ layers: ["two"] });
const arm = image({ layers: ["arm"], platform: { os: "linux", architecture: "arm64" } });
const many = index([one, arm]);
const options = { placeholder: false };
const cleanup = { api: "selectel", method: "POST", path: "/cleanup$" } as const;

const outcomes = (results: readonly DeletionResult[]) => results.map(({ outcome }) => outcome);
const messages = (results: readonly DeletionResult[]) => results.map(({ message }) => message);
const doomed = (...fixtures: readonly Fixture[]) => manifestsOf(...fixtures.map(({ digest }) => ({ digest, tags: [] })));
const calls = (asked: readonly string[]) => asked.filter((line) => line === "POST cleanup").length;
const left = ({ store }: Sandbox, repository = "team/app") => [...(store.repository(repository)?.manifests.keys() ?? [])].sort();

/** The repository as a run knows it when it begins to delete. */
async function looked(rig: Rig, repository = "team/app"): Promise<Rig> {
  await rig.images.inventory(repository);
  rig.forget();
  return rig;
}

function single(count: number) {
  const fixtures = Array.from({ length: count }, (_, at) => image({ layers: [`layer ${at}`] }));
  const fill = ({ store }: Sandbox) => {
    for (const [at, fixture] of fixtures.entries()) push(store, "team/app", `v${at}`, fixture);
  };
  return { fixtures, fill };
}

describe("deleting", () => {
  it("takes one call for up to a hundred digests, never a tag, and begins no garbage collection", async () => {
    const { fixtures, fill } = single(101);
    await onSandbox({}, fill, async (rig) => {
      const { images, asked, sandbox, client } = await looked(rig);
      const results = await images.delete("team/app", doomed(...fixtures.slice(1)), options);
      expect(outcomes(results)).toEqual(Array(100).fill("deleted"));
      expect(results.map(({ deletion }) => deletion)).toEqual(doomed(...fixtures.slice(1)));
      expect(asked()).toEqual(["POST cleanup"]);
      expect(left(sandbox)).toEqual([fixtures[0]?.digest]);
      const [team] = await Array.fromAsync(client.v1.registries.list({ search: "team" }));
      expect(team?.status).toBe("ACTIVE");
    });
  });

  it("splits what is more than a call holds", async () => {
    const { fixtures, fill } = single(7);
    await onSandbox({ images: { batchSize: 3 } }, fill, async (rig) => {
      const { images, asked, sandbox } = await looked(rig);
      const progress: number[] = [];
      const results = await images.delete("team/app", doomed(...fixtures), { ...options, onProgress: (done) => progress.push(done) });
      expect(outcomes(results)).toEqual(Array(7).fill("deleted"));
      expect(calls(asked())).toBe(3);
      expect(progress).toEqual([3, 6, 7, 7]);
      expect(left(sandbox)).toEqual([]);
      expect(images.capabilities.batchSize).toBe(3);
    });
  });

  it("sends an index in an earlier call than its children, and a signature in an earlier one than its subject", async () => {
    const signature = artifact({ artifactType: "application/vnd.example", subject: many });
    const byName = artifact({ artifactType: "application/vnd.dev.cosign", content: "by name" });
    const tag = `${many.digest.replace(":", "-")}.sig`;
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", many);
      push(store, "team/app", undefined, signature);
      push(store, "team/app", tag, byName);
    };
    await onSandbox({}, fill, async (rig) => {
      const { images, asked, sandbox, forget } = rig;
      await images.detail(await images.inventory("team/app"), { created: new Set(), referrers: true });
      forget();
      const seen: string[][] = [];
      const stop = watch(sandbox, () => left(sandbox), seen);
      const items = [...doomed(one, arm, many, signature), ...manifestsOf({ digest: byName.digest, tags: [tag] })];
      expect(outcomes(await images.delete("team/app", items, options))).toEqual(Array(5).fill("deleted"));
      stop();
      expect(calls(asked())).toBe(3);
      expect(seen.slice(1)).toEqual([[one.digest, arm.digest, many.digest].sort(), [one.digest, arm.digest].sort()]);
    });
  });

  it("gives absent for what is gone already, by the lists and not by a message", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", ["v1"], one),
      async (rig) => {
        const { images, sandbox } = rig;
        push(sandbox.store, "team/app", "v2", two);
        await looked(rig);
        sandbox.store.deleteManifest("team/app", one.digest);
        expect(outcomes(await images.delete("team/app", doomed(one, two), options))).toEqual(["absent", "deleted"]);
      },
    );
  });

  it("gives absent for everything where the repository or the registry is gone", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", "v1", one),
      async (rig) => {
        const { images, sandbox } = await looked(rig);
        sandbox.store.deleteRepository("team/app");
        expect(outcomes(await images.delete("team/app", doomed(one), options))).toEqual(["absent"]);
        expect(outcomes(await images.delete("none/app", doomed(one), options))).toEqual(["absent"]);
      },
    );
  });

  it("knows what leads to what although this view has not looked at the repository before", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", "v1", many),
      async ({ images, sandbox }) => {
        expect(outcomes(await images.delete("team/app", doomed(one, arm, many), options))).toEqual(["deleted", "deleted", "deleted"]);
        expect(left(sandbox)).toEqual([]);
      },
    );
  });
});

describe("a deletion that fails", () => {
  it("is tried once more after all the rest, and then reported in the service's words", async () => {
    const other = index([one, two]);
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", undefined, other);
      push(store, "team/app", "v3", arm);
    };
    await onSandbox({}, fill, async (rig) => {
      const { images, asked, sandbox } = await looked(rig);
      const results = await images.delete("team/app", doomed(one, arm), options);
      expect(outcomes(results)).toEqual(["failed", "deleted"]);
      expect(messages(results)).toEqual([
        "The service says: Image is referenced by another manifest. That may be an index without a tag, which the API does not show.",
        undefined,
      ]);
      expect(calls(asked())).toBe(2);
      expect(left(sandbox)).toContain(one.digest);
    });
  });

  it("works the second time when what was in its way went in the first", async () => {
    const fill = ({ store }: Sandbox) => {
      push(store, "team/app", "v1", many);
      push(store, "team/app", "v2", two);
    };
    await onSandbox({}, fill, async (rig) => {
      const { images, sandbox, asked } = rig;
      await images.inventory("team/app");
      // A new index over a child that is to go, which nobody has seen yet; it is in the same list.
      const late = index([two]);
      push(sandbox.store, "team/app", "late", late);
      const results = await images.delete("team/app", doomed(two, late), options);
      expect(outcomes(results)).toEqual(["deleted", "deleted"]);
      expect(calls(asked())).toBe(2);
    });
  });

  it("keeps the children of an index that stays", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", "v1", many),
      async (rig) => {
        const { images, sandbox } = await looked(rig);
        const text = JSON.stringify({ deleted: [], failed: [{ digest: many.digest, error: "no", tags: ["v1"] }] });
        sandbox.control.inject({ ...cleanup, times: 2, fault: { kind: "status", status: 200, body: text } });
        const results = await images.delete("team/app", doomed(many, one, arm), options);
        expect(outcomes(results)).toEqual(["failed", "failed", "failed"]);
        expect(messages(results)[1]).toMatch(/, which leads to it, is still there/);
        expect(left(sandbox)).toHaveLength(3);
        // In a later batch of the same run, too.
        expect(outcomes(await images.delete("team/app", doomed(arm), options))).toEqual(["failed"]);
        expect(left(sandbox)).toHaveLength(3);
      },
    );
  });

  it("lets the children go when their index goes in the second attempt", async () => {
    await onSandbox(
      {},
      ({ store }) => push(store, "team/app", "v1", many),
      async (rig) => {
        const { images, sandbox } = await looked(rig);
        const text = JSON.stringify({ deleted: [], failed: [{ digest: many.digest, error: "not now", tags: ["v1"] }] });
        sandbox.control.inject({ ...cleanup, fault: { kind: "status", status: 200, body: text } });
        expect(outcomes(await images.delete("team/app", doomed(many, one, arm), options))).toEqual(["deleted", "deleted", "deleted"]);
        expect(left(sandbox)).toEqual([]);
      },
    );
  });

  it.each([
    ["204 without a body", { kind: "status", status: 204, body: "" }],
    ["an answer that names nothing", { kind: "status", status: 200, body: "{}" }],
  ] as const)("is found out by the lists where the service says nothing: %s", async (_, fault) => {
    const { fixtures, fill } = single(3);
    await onSandbox({}, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      sandbox.control.inject({ ...cleanup, times: 2, fault });
      const results = await images.delete("team/app", doomed(...fixtures), options);
      expect(outcomes(results)).toEqual(["failed", "failed", "failed"]);
      expect(messages(results)[0]).toBe("The service's answer says nothing about it, and it is still there.");
    });
  });

  it("is the server's error where it keeps failing; what the lists lack is gone all the same", async () => {
    const { fixtures, fill } = single(3);
    await onSandbox({}, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      sandbox.control.inject({ ...cleanup, times: 99, fault: { kind: "status", status: 500 } });
      const stop = watch(sandbox, () => sandbox.store.deleteManifest("team/app", fixtures[0]?.digest ?? ""), []);
      const results = await images.delete("team/app", doomed(...fixtures), options);
      stop();
      expect(outcomes(results)).toEqual(["absent", "failed", "failed"]);
      expect(messages(results)[1]).toMatch(/500/);
    });
  });

  it.each(["reset-after", "broken-json", "truncated"] as const)("is none when only the answer is lost: %s", async (fault) => {
    const { fixtures, fill } = single(5);
    await onSandbox({}, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      sandbox.control.inject({ ...cleanup, fault });
      const results = await images.delete("team/app", doomed(...fixtures), options);
      expect(results.every(({ outcome }) => outcome === "deleted" || outcome === "absent")).toBe(true);
      expect(left(sandbox)).toEqual([]);
    });
  });

  it.each([401, 403])("throws at once where the rights are missing: %d", async (status) => {
    const { fixtures, fill } = single(5);
    await onSandbox({ images: { batchSize: 2 } }, fill, async (rig) => {
      const { images, sandbox, asked } = await looked(rig);
      sandbox.control.inject({ ...cleanup, times: 99, fault: { kind: "status", status } });
      await expect(images.delete("team/app", doomed(...fixtures), options)).rejects.toMatchObject({ status });
      expect(calls(asked())).toBeLessThan(3);
    });
  });

  it("that is forbidden after others went is a result", async () => {
    const { fixtures, fill } = single(5);
    await onSandbox({ images: { batchSize: 2 } }, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      sandbox.control.inject({ ...cleanup, skip: 1, times: 99, fault: { kind: "status", status: 403 } });
      const results = await images.delete("team/app", doomed(...fixtures), options);
      expect(outcomes(results)).toEqual(["deleted", "deleted", "failed", "failed", "failed"]);
    });
  });

  it("logs in again where the session has ended", async () => {
    const { fixtures, fill } = single(2);
    await onSandbox({}, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      sandbox.selectel?.state.expireSessions();
      expect(outcomes(await images.delete("team/app", doomed(...fixtures), options))).toEqual(["deleted", "deleted"]);
    });
  });
});

describe("a registry that collects garbage", () => {
  it("is waited for", async () => {
    const { fixtures, fill } = single(3);
    await onSandbox({ selectel: { gcPolls: 5 } }, fill, async (rig) => {
      const { images, sandbox, client, lines } = await looked(rig);
      const [team] = await Array.fromAsync(client.v1.registries.list({ search: "team" }));
      await client.v1.garbageCollection.start({ id: team?.id ?? "" });
      expect(outcomes(await images.delete("team/app", doomed(...fixtures), options))).toEqual(["deleted", "deleted", "deleted"]);
      expect(left(sandbox)).toEqual([]);
      expect(lines).toEqual(["The registry team is busy, probably with garbage collection: waiting until it is not."]);
    });
  });

  it("is not waited for longer than the deadline, and not once for each call", async () => {
    const { fixtures, fill } = single(5);
    await onSandbox({ images: { batchSize: 2, deadline: 60_000 } }, fill, async (rig) => {
      const { images, sandbox, clock } = await looked(rig);
      sandbox.control.inject({ ...cleanup, times: 9_999, fault: { kind: "status", status: 409 } });
      const start = clock.now();
      const results = await images.delete("team/app", doomed(...fixtures), options);
      expect(outcomes(results)).toEqual(Array(5).fill("failed"));
      expect(messages(results)[4]).toMatch(/still busy after 60 s/);
      expect(clock.now() - start).toBeLessThan(120_000);
      expect(left(sandbox)).toHaveLength(5);
    });
  });
});

describe("an interruption", () => {
  it("lets the call in flight end, and no other begin", async () => {
    const { fixtures, fill } = single(6);
    await onSandbox({ images: { batchSize: 2 } }, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      const interruption = new AbortController();
      const onProgress = () => interruption.abort(new Error("SIGTERM"));
      const results = await images.delete("team/app", doomed(...fixtures), { ...options, signal: interruption.signal, onProgress });
      expect(outcomes(results)).toEqual(["deleted", "deleted", "unattempted", "unattempted", "unattempted", "unattempted"]);
      expect(left(sandbox)).toHaveLength(4);
    });
  });

  it("ends the wait for a busy registry", async () => {
    const { fixtures, fill } = single(2);
    const interruption = new AbortController();
    await onSandbox({ images: { log: () => interruption.abort(new Error("SIGTERM")) } }, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      sandbox.control.inject({ ...cleanup, times: 9_999, fault: { kind: "status", status: 409 } });
      const results = await images.delete("team/app", doomed(...fixtures), { ...options, signal: interruption.signal });
      expect(outcomes(results)).toEqual(["unattempted", "unattempted"]);
    });
  });
});

describe("tags", () => {
  const untag: Deletion = { kind: "tag", tag: "old", digest: one.digest };
  const fill = ({ store }: Sandbox) => push(store, "team/app", ["v1", "old"], one);

  it("cannot be removed alone: the service's way to do it is not known", async () => {
    await onSandbox({}, fill, async (rig) => {
      const { images, sandbox, asked } = await looked(rig);
      expect(await images.deletion("team/app")).toEqual({ manifest: "supported", tag: "unsupported" });
      const results = await images.delete("team/app", [untag, { kind: "dangling", tag: "ghost" }], options);
      expect(outcomes(results)).toEqual(["failed", "failed"]);
      expect(messages(results)).toEqual([
        "Selectel has no documented way to remove the tag old alone.",
        "Selectel has no documented way to remove the tag ghost, which points to nothing, alone.",
      ]);
      expect(asked()).toEqual([]);
      expect([...(sandbox.store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["v1", "old"]);
    });
  });

  it("are removed at the registry host where the user says so, with a token that may write", async () => {
    await onSandbox({ images: { untag: "v2" } }, fill, async (rig) => {
      const { images, sandbox, tokens } = await looked(rig);
      expect(await images.deletion("team/app")).toEqual({ manifest: "supported", tag: "supported" });
      expect(outcomes(await images.delete("team/app", [untag], options))).toEqual(["deleted"]);
      expect(outcomes(await images.delete("team/app", [untag], options))).toEqual(["absent"]);
      expect([...(sandbox.store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["v1"]);
      push(sandbox.store, "team/app", "old", two);
      expect(outcomes(await images.delete("team/app", [untag], options))).toEqual(["changed"]);
      expect(await tokens()).toHaveLength(1);
      await images.close();
      expect(await tokens()).toEqual([]);
    });
  });

  it("that took their manifest along are the last ones that are removed so", async () => {
    await onSandbox({ images: { untag: "v2" } }, fill, async (rig) => {
      const { images, sandbox } = await looked(rig);
      const stop = watch(sandbox, () => undefined, []);
      const { store } = sandbox;
      const deleteTag = store.deleteTag.bind(store);
      store.deleteTag = (repository, tag) => {
        const digest = store.repository(repository)?.tags.get(tag) ?? "";
        return deleteTag(repository, tag) && store.deleteManifest(repository, digest);
      };
      push(store, "team/app", ["v2", "older"], two);
      const results = await images.delete("team/app", [untag, { kind: "tag", tag: "older", digest: two.digest }], options);
      stop();
      expect(outcomes(results)).toEqual(["failed", "failed"]);
      expect(messages(results)[0]).toMatch(/deleted sha256:\w+ with its tag old/);
      expect([...(store.repository("team/app")?.tags.keys() ?? [])]).toEqual(["v2", "older"]);
    });
  });
});

/** Looks, or does something, at each call of cleanup, before it has an effect. */
function watch<T>({ store, control }: Sandbox, look: () => T, seen: T[]): () => void {
  const { repository } = store;
  let count = 0;
  // The sandbox looks its repository up for each call.
  store.repository = (name) => {
    const now = control.requests({ method: "POST", path: /\/cleanup$/ }).length;
    if (now > count) {
      count = now;
      store.repository = repository;
      seen.push(look());
      store.repository = watched;
    }
    return repository.call(store, name);
  };
  const watched = store.repository;
  return () => {
    store.repository = repository;
  };
}
