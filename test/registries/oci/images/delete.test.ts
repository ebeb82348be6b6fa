import { withSignal } from "../../../../provider/http";
import type { Deletion, DeletionResult } from "../../../../provider/registries/image-registry";
import { memoryCache } from "../../../../provider/registries/oci";
import type { Fault } from "../../../sandbox";
import { artifact, type Fixture, image, index, push } from "../../../sandbox/images";
import { forget, type World, whole, world } from "./world";

const repository = "team/app";
const images = Array.from({ length: 6 }, (_, n) => image({ layers: [`${n}`] }));
const [a, b, c, d] = images as [Fixture, Fixture, Fixture, Fixture, ...Fixture[]]; // six were made
const multi = index([a, b]);
const plain = { placeholder: false };
const errors = (code: string, message = "the server's own words") => JSON.stringify({ errors: [{ code, message }] });
const outcomes = (results: readonly DeletionResult[]) => results.map(({ outcome }) => outcome);

/** Digests in the order in which the store lost them. */
function lost({ store }: World): string[] {
  const order: string[] = [];
  const real = store.deleteManifest.bind(store);
  jest.spyOn(store, "deleteManifest").mockImplementation((name, digest) => {
    const done = real(name, digest);
    if (done) order.push(digest);
    return done;
  });
  return order;
}

const failing = (made: World, fixture: Fixture, fault: Fault, times = 2) =>
  made.sandbox.control.inject({ api: "oci", method: "DELETE", path: `manifests/${fixture.digest}`, times, fault });

async function doomed(made: World, ...fixtures: readonly Fixture[]): Promise<Deletion[]> {
  const inventory = await made.registry.inventory(repository);
  return fixtures.map(({ digest }) => whole(inventory, digest));
}

describe("Deleting manifests", () => {
  it("takes their tags along and nothing else", async () => {
    const made = await world();
    push(made.store, repository, ["a", "also-a"], a);
    push(made.store, repository, "b", b);
    const results = await made.registry.delete(repository, await doomed(made, a), plain);
    expect(results).toEqual([{ deletion: { kind: "manifest", digest: a.digest, tags: ["a", "also-a"] }, outcome: "deleted" }]);
    expect(made.sandbox.control.state().repositories).toMatchObject([{ tags: { b: b.digest }, manifests: 1 }]);
  });

  it("asks for each tag and deletes, and nothing more", async () => {
    const made = await world();
    push(made.store, repository, ["a", "also-a"], a);
    const deletions = await doomed(made, a);
    made.lines();
    await made.registry.delete(repository, deletions, plain);
    expect(made.lines()).toEqual(["HEAD team/app manifests a", "HEAD team/app manifests also-a", `DELETE team/app manifests ${a.digest}`]);
  });

  it("of which one is gone already is success", async () => {
    const made = await world();
    for (const fixture of [a, b]) push(made.store, repository, undefined, fixture);
    push(made.store, repository, "multi", multi);
    const deletions = await doomed(made, multi, a, b);
    made.store.deleteManifest(repository, multi.digest);
    made.store.deleteManifest(repository, b.digest);
    expect(outcomes(await made.registry.delete(repository, deletions, plain))).toEqual(["absent", "deleted", "absent"]);
  });

  it("leaves what got a tag that points elsewhere, and what belongs to it", async () => {
    const made = await world();
    push(made.store, repository, "multi", multi);
    push(made.store, repository, "c", c);
    const deletions = await doomed(made, multi, a, b, c);
    push(made.store, repository, "multi", d);
    const results = await made.registry.delete(repository, deletions, plain);
    expect(outcomes(results)).toEqual(["changed", "failed", "failed", "deleted"]);
    expect(results[0]?.message).toBe(`The tag multi now points to ${d.digest}.`);
    expect(results[1]?.message).toContain(multi.digest);
    expect([multi, a, b].every(({ digest }) => made.store.repository(repository)?.manifests.has(digest))).toBe(true);
  });

  it("goes on where a tag is gone", async () => {
    const made = await world();
    push(made.store, repository, ["a", "b"], a);
    const deletions = await doomed(made, a);
    made.store.deleteTag(repository, "a");
    expect(outcomes(await made.registry.delete(repository, deletions, plain))).toEqual(["deleted"]);
  });

  it("runs side by side what has nothing to do with each other, and not more than allowed", async () => {
    const made = await world();
    for (const [n, fixture] of images.entries()) push(made.store, repository, `v${n}`, fixture);
    const deletions = await doomed(made, ...images);
    made.sandbox.control.inject({ api: "oci", method: "DELETE", times: 10, fault: { kind: "delay", ms: 20 } });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, made.sandbox.control.requests({ method: "DELETE", status: 0 }).length);
    }, 1);
    const seen: number[] = [];
    await made.registry.delete(repository, deletions, { ...plain, onProgress: (done) => seen.push(done) });
    clearInterval(watch);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("The order", () => {
  const signature = artifact({ artifactType: "application/x.y", subject: multi });
  const cosign = image({ layers: ["cosign"] });
  const outer = index([multi]);
  const fill = (made: World) => {
    push(made.store, repository, "outer", outer);
    push(made.store, repository, "signature", signature);
    push(made.store, repository, `${a.digest.replace(":", "-")}.sig`, cosign);
  };

  it("holds though deletions run side by side: each waits for the answers that it depends on", async () => {
    const made = await world();
    fill(made);
    const deletions = await doomed(made, signature, cosign, outer, multi, a, b);
    for (const [n, fixture] of [signature, cosign, outer, multi].entries()) failing(made, fixture, { kind: "delay", ms: 40 - n * 10 }, 1);
    const order = lost(made);
    expect(outcomes(await made.registry.delete(repository, deletions, plain))).toEqual(Array(6).fill("deleted"));
    const place = ({ digest }: Fixture) => order.indexOf(digest);
    expect(place(signature)).toBeLessThan(place(multi));
    expect(place(outer)).toBeLessThan(place(multi));
    expect(place(multi)).toBeLessThan(Math.min(place(a), place(b)));
    expect(place(cosign)).toBeLessThan(place(a));
  });

  it.each([
    ["an index", multi, [a, b]],
    ["an index of an index", outer, [multi, a, b]],
    ["a referrer", signature, [multi, a, b]],
    ["a signature", cosign, [a]],
  ])("is kept where %s cannot be deleted: what belongs to it stays, the rest goes", async (_, broken, kept) => {
    const made = await world();
    fill(made);
    push(made.store, repository, "c", c);
    const all = [signature, cosign, outer, multi, a, b, c];
    const deletions = await doomed(made, ...all);
    failing(made, broken, { kind: "status", status: 405, body: errors("DENIED") });
    const results = await made.registry.delete(repository, deletions, plain);
    const stays = [broken, ...kept];
    expect(outcomes(results)).toEqual(all.map((fixture) => (stays.includes(fixture) ? "failed" : "deleted")));
    expect(results.find(({ deletion }) => deletion.kind === "manifest" && deletion.digest === broken.digest)?.message).toContain(
      "the server's own words",
    );
    expect(results.filter(({ message }) => message?.includes(`It belongs to ${broken.digest}`)).length).toBeGreaterThan(0);
    expect([...(made.store.repository(repository)?.manifests.keys() ?? [])].sort()).toEqual(stays.map(({ digest }) => digest).sort());
  });

  it("is kept in the next batch, too, until what stood in the way is gone", async () => {
    const made = await world();
    push(made.store, repository, "multi", multi);
    const [first, ...children] = await doomed(made, multi, a, b);
    if (!first) throw new Error("there are three");
    failing(made, multi, { kind: "status", status: 500 });
    expect(outcomes(await made.registry.delete(repository, [first], plain))).toEqual(["failed"]);
    expect(outcomes(await made.registry.delete(repository, children, plain))).toEqual(["failed", "failed"]);
    expect(outcomes(await made.registry.delete(repository, [first, ...children], plain))).toEqual(["deleted", "deleted", "deleted"]);
  });

  it("is known from the manifests themselves when they are not remembered", async () => {
    const made = await world();
    push(made.store, repository, "multi", multi);
    const deletions = await doomed(made, multi, a, b);
    const forgetful = made.open({ cache: memoryCache({ bytes: 1 }) });
    failing(made, multi, { kind: "delay", ms: 20 }, 1);
    const order = lost(made);
    await forgetful.delete(repository, deletions, plain);
    expect(order[0]).toBe(multi.digest);
  });

  it("that cannot be known is an error before anything is deleted", async () => {
    const made = await world();
    push(made.store, repository, "multi", multi);
    const deletions = await doomed(made, multi, a, b);
    made.sandbox.control.inject({
      api: "oci",
      method: "GET",
      path: `manifests/${b.digest}`,
      times: 2,
      fault: { kind: "status", status: 500 },
    });
    await expect(made.open({ cache: memoryCache({ bytes: 1 }) }).delete(repository, deletions, plain)).rejects.toThrow(b.digest);
    expect(made.store.repository(repository)?.manifests.size).toBe(3);
  });
});

describe("A registry that does not delete a manifest", () => {
  const refusals: [string, Fault, string][] = [
    [
      "refuses a child of an index, as zot does",
      { kind: "status", status: 405, body: errors("DENIED") },
      "405 DENIED: the server's own words",
    ],
    [
      "refuses a child of an index, as GCR does",
      { kind: "status", status: 400, body: errors("GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE") },
      "the server's own words",
    ],
    [
      "refuses what is referred to, as Harbor does",
      { kind: "status", status: 412, body: errors("PRECONDITION") },
      "the server's own words",
    ],
    ["breaks down", { kind: "status", status: 500 }, "500"],
    ["is not there", { kind: "reset-before" }, "reset"],
    ["is behind a login page", { kind: "html" }, "HTML"],
  ];
  it.each(refusals)("because it %s, keeps it with its tags and does the others", async (_, fault, words) => {
    const made = await world();
    push(made.store, repository, ["a", "also-a"], a);
    push(made.store, repository, "b", b);
    const deletions = await doomed(made, a, b);
    failing(made, a, fault);
    const results = await made.registry.delete(repository, deletions, plain);
    expect(outcomes(results)).toEqual(["failed", "deleted"]);
    expect(results[0]?.message).toContain(words);
    expect(made.sandbox.control.state().repositories[0]?.tags).toEqual({ a: a.digest, "also-a": a.digest });
  });

  it.each([
    ["GCR", 400, "GOOGLE_MANIFEST_DANGLING_TAG"],
    ["zot for some users", 409, "MANIFEST_INVALID"],
  ])("while it has tags (%s) gets the tags first", async (_, status, code) => {
    const made = await world();
    push(made.store, repository, ["a", "also-a"], a);
    const deletions = await doomed(made, a);
    failing(made, a, { kind: "status", status, body: errors(code) }, 1);
    expect(outcomes(await made.registry.delete(repository, deletions, plain))).toEqual(["deleted"]);
    expect(made.lines().filter((line) => line.startsWith("DELETE") && !line.includes("probe") && !line.includes("0000000000"))).toEqual([
      `DELETE team/app manifests ${a.digest}`,
      "DELETE team/app manifests a",
      "DELETE team/app manifests also-a",
      `DELETE team/app manifests ${a.digest}`,
    ]);
  });

  it("at all says so for each", async () => {
    const made = await world({ delete: "disabled" });
    push(made.store, repository, "a", a);
    expect(await made.registry.deletion(repository)).toEqual({ manifest: "disabled", tag: "unsupported" });
    const results = await made.registry.delete(repository, await doomed(made, a), plain);
    expect(results).toMatchObject([{ outcome: "failed", message: expect.stringMatching(/405 UNSUPPORTED.*storage\.delete\.enabled/) }]);
  });
});

describe("An answer that is lost", () => {
  it.each([
    ["and asked for again", 2],
    ["for good", 1],
  ])("%s: what is gone counts as such", async (_, attempts) => {
    const made = await world();
    push(made.store, repository, "multi", multi);
    const deletions = await doomed(made, multi, a, b);
    failing(made, multi, { kind: "reset-after" }, 1);
    const registry = made.open({ client: { retry: { attempts } } });
    expect(outcomes(await registry.delete(repository, deletions, plain))).toEqual(["absent", "deleted", "deleted"]);
    expect(made.store.repository(repository)?.manifests.size).toBe(0);
  });

  describe("between a manifest and its tags", () => {
    /** As distribution does it: the manifest first, then an error, and the tags stay. */
    const halfway = (made: World) => {
      jest.spyOn(made.store, "deleteManifest").mockImplementationOnce((name, digest) => {
        forget(made.store, name, { digest });
        return false;
      });
    };

    it.each([
      ["deletes them", {}, plain, "absent", {}],
      ["points them to a placeholder if that is allowed", { tagDelete: "unsupported" } as const, { placeholder: true }, "absent", {}],
      ["names them if it is not", { tagDelete: "unsupported" } as const, plain, "failed", { a: a.digest, "also-a": a.digest }],
    ])("%s", async (_, switches, options, outcome, left) => {
      const made = await world(switches);
      push(made.store, repository, ["a", "also-a"], a);
      const deletions = await doomed(made, a);
      halfway(made);
      const results = await made.registry.delete(repository, deletions, options);
      expect(outcomes(results)).toEqual([outcome]);
      if (outcome === "failed")
        expect(results[0]?.message).toMatch(/the tag a was left behind and points to nothing.*allow-placeholder-untag/);
      expect(made.sandbox.control.state().repositories[0]?.tags).toEqual(left);
    });

    it("leaves alone a tag that somebody has pushed again", async () => {
      const made = await world();
      push(made.store, repository, "a", a);
      const deletions = await doomed(made, a);
      jest.spyOn(made.store, "deleteManifest").mockImplementationOnce(() => {
        forget(made.store, repository, a);
        push(made.store, repository, "a", d);
        return false;
      });
      expect(outcomes(await made.registry.delete(repository, deletions, plain))).toEqual(["absent"]);
      expect(made.sandbox.control.state().repositories[0]?.tags).toEqual({ a: d.digest });
    });
  });
});

describe("Removing a tag of a digest that stays", () => {
  const untag = (tag: string, digest = a.digest): Deletion => ({ kind: "tag", tag, digest });

  it.each([
    ["deletes it where the registry can", {}, plain, { outcome: "deleted" }, { keep: a.digest }],
    [
      "takes a placeholder where that is allowed",
      { tagDelete: "unsupported" } as const,
      { placeholder: true },
      { outcome: "deleted" },
      { keep: a.digest },
    ],
    [
      "does nothing where it is not",
      { tagDelete: "unsupported" } as const,
      plain,
      { outcome: "failed", message: expect.stringContaining("allow-placeholder-untag") },
      { go: a.digest, keep: a.digest },
    ],
    [
      "does nothing where nothing is deleted",
      { delete: "disabled" } as const,
      { placeholder: true },
      { outcome: "failed", message: "The registry deletes neither single tags nor manifests." },
      { go: a.digest, keep: a.digest },
    ],
  ])("%s", async (_, switches, options, result, tags) => {
    const made = await world(switches);
    push(made.store, repository, ["go", "keep"], a);
    expect(await made.registry.delete(repository, [untag("go")], options)).toMatchObject([result]);
    expect(made.sandbox.control.state().repositories[0]?.tags).toEqual(tags);
    expect(made.store.repository(repository)?.manifests.has(a.digest)).toBe(true);
  });

  it("leaves one that has moved, and one that is gone", async () => {
    const made = await world();
    push(made.store, repository, "moved", b);
    const results = await made.registry.delete(repository, [untag("moved"), untag("gone")], plain);
    expect(results).toMatchObject([{ outcome: "changed", message: `The tag moved now points to ${b.digest}.` }, { outcome: "absent" }]);
    expect(made.sandbox.control.state().repositories[0]?.tags).toEqual({ moved: b.digest });
  });
});

describe("Removing a tag that points to nothing", () => {
  it.each([
    ["deletes it where the registry can", {}, plain, "deleted", []],
    ["takes a placeholder where that is allowed", { tagDelete: "unsupported" } as const, { placeholder: true }, "deleted", []],
    ["does nothing where it is not", { tagDelete: "unsupported" } as const, plain, "failed", ["a"]],
  ])("%s", async (_, switches, options, outcome, tags) => {
    const made = await world(switches);
    push(made.store, repository, "a", a);
    forget(made.store, repository, a);
    expect(outcomes(await made.registry.delete(repository, [{ kind: "dangling", tag: "a" }], options))).toEqual([outcome]);
    expect((await made.registry.listing(repository)).tags).toEqual(new Set(tags));
  });

  it("leaves one that points to something again", async () => {
    const made = await world();
    push(made.store, repository, "a", a);
    const results = await made.registry.delete(repository, [{ kind: "dangling", tag: "a" }], plain);
    expect(results).toMatchObject([{ outcome: "changed", message: `The tag a now points to ${a.digest}.` }]);
    expect(made.store.repository(repository)?.tags.size).toBe(1);
  });
});

describe("Without the right to delete", () => {
  const users = { reader: { password: "pw", rights: [{ repository: "*", actions: ["pull" as const] }] } };
  const client = { credentials: { username: "reader", password: "pw" } };

  it.each(["basic", "bearer"] as const)("the registry says so when it is asked (%s)", async (auth) => {
    const { open, store } = await world({ auth, users });
    push(store, repository, "a", a);
    expect(await open({ client }).deletion(repository)).toEqual({ manifest: "denied", tag: "denied" });
  });

  it("a few refusals are failures, three in a row without a success end it with the server's words", async () => {
    const made = await world({ auth: "basic", users });
    const many = Array.from({ length: 12 }, (_, n) => image({ layers: [`${n}`] }));
    for (const [n, fixture] of many.entries()) push(made.store, repository, `v${n}`, fixture);
    const registry = made.open({ client });
    const inventory = await registry.inventory(repository);
    const deletions = many.map(({ digest }) => whole(inventory, digest));
    expect(outcomes(await registry.delete(repository, deletions.slice(0, 2), plain))).toEqual(["failed", "failed"]);
    made.lines();
    await expect(registry.delete(repository, deletions, plain)).rejects.toThrow(/403 DENIED/);
    // Three, and what was in flight beside them.
    expect(new Set(made.lines().filter((line) => line.startsWith("DELETE"))).size).toBeLessThanOrEqual(6);
    expect(made.store.repository(repository)?.manifests.size).toBe(12);
  });

  it("a single one that is protected does not keep the others", async () => {
    const made = await world();
    for (const [n, fixture] of images.entries()) push(made.store, repository, `v${n}`, fixture);
    const deletions = await doomed(made, ...images);
    failing(made, a, { kind: "status", status: 403, body: errors("DENIED", "immutable") }, 5);
    const results = await made.registry.delete(repository, deletions, plain);
    expect(outcomes(results)).toEqual(["failed", ...Array(5).fill("deleted")]);
    expect(results[0]?.message).toContain("403 DENIED: immutable");
  });
});

describe("An interruption", () => {
  it("lets requests in flight come to their end and leaves the rest", async () => {
    const made = await world();
    for (const [n, fixture] of images.entries()) push(made.store, repository, `v${n}`, fixture);
    const deletions = await doomed(made, ...images);
    const stop = new AbortController();
    failing(made, a, { kind: "delay", ms: 30 }, 1);
    const onProgress = () => stop.abort();
    // Even a caller who is under the same signal does not cut off what was sent.
    const results = await withSignal(stop.signal, () =>
      made.registry.delete(repository, deletions, { ...plain, signal: stop.signal, onProgress }),
    );
    const left = made.store.repository(repository)?.manifests;
    for (const { deletion, outcome } of results) {
      expect(outcome).toBe(deletion.kind === "manifest" && left?.has(deletion.digest) ? "unattempted" : "deleted");
    }
    expect(new Set(outcomes(results))).toEqual(new Set(["deleted", "unattempted"]));
  });

  it("that came before leaves everything, without a request", async () => {
    const made = await world();
    push(made.store, repository, "a", a);
    const deletions = await doomed(made, a);
    made.lines();
    expect(outcomes(await made.registry.delete(repository, deletions, { ...plain, signal: AbortSignal.abort() }))).toEqual(["unattempted"]);
    expect(made.lines()).toEqual([]);
  });
});

describe("A listing", () => {
  it("shows what is there now", async () => {
    const made = await world();
    push(made.store, repository, "multi", multi);
    push(made.store, repository, "c", c);
    await made.registry.inventory(repository);
    made.store.deleteManifest(repository, c.digest);
    const { tags, has } = await made.registry.listing(repository);
    expect(tags).toEqual(new Set(["multi"]));
    expect(await Promise.all([multi, a, c].map(({ digest }) => has(digest)))).toEqual([true, true, false]);
  });

  it("of a repository that has gone is empty", async () => {
    const { registry } = await world();
    const { tags, has } = await registry.listing(repository);
    expect([tags.size, await has(a.digest)]).toEqual([0, false]);
  });

  it("that cannot be read is an error", async () => {
    const made = await world();
    push(made.store, repository, "a", a);
    made.sandbox.control.inject({ api: "oci", path: "tags/list", times: 2, fault: { kind: "status", status: 500 } });
    await expect(made.registry.listing(repository)).rejects.toThrow("500");
    const { has } = await made.registry.listing(repository);
    made.sandbox.control.inject({ api: "oci", path: "manifests", times: 4, fault: { kind: "status", status: 500 } });
    await expect(has(a.digest)).rejects.toThrow("500");
  });
});
