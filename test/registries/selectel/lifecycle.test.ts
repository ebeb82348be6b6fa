import {
  collectGarbage,
  DeadlineExceeded,
  type Registry,
  RegistryError,
  RegistryFailed,
  retryWhileBusy,
  waitForRegistry,
  waitOutGarbageCollection,
} from "../../../provider/registries/selectel";
import { type Connected, connected, jumpingClock } from "./connected";
import type { Reply } from "./scripted-server";

const found = (status: string): Reply => ({ json: { id: "r1", name: "mine", status } });
const absent: Reply = { status: 404, json: { error: "Registry not found." } };

/** A registry that shows these states one after the other, and the last one for ever. */
async function showing(
  states: readonly Reply[],
  run: (scene: Connected & { clock: ReturnType<typeof jumpingClock> }) => Promise<void>,
): Promise<void> {
  const clock = jumpingClock();
  await connected(
    (_, index) => states[Math.min(index, states.length - 1)] ?? absent,
    (both) => run({ ...both, clock }),
    { retry: { attempts: 1 } },
  );
}

describe("waiting for a registry", () => {
  it("ends when it is ACTIVE", async () => {
    await showing([found("CREATING"), found("CREATING"), found("ACTIVE")], async ({ client, clock, server }) => {
      const seen: (string | undefined)[] = [];
      const onProgress = (registry?: Registry) => seen.push(registry?.status);
      const registry = await waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 600_000, clock, onProgress });
      expect(registry).toMatchObject({ id: "r1", status: "ACTIVE" });
      expect(seen).toEqual(["CREATING", "CREATING", "ACTIVE"]);
      expect(server.lines()).toEqual(Array(3).fill("GET /api/v1/registries/r1"));
    });
  });

  it("asks at growing intervals from one second to ten", async () => {
    await showing([...Array(9).fill(found("CREATING")), found("ACTIVE")], async ({ client, clock }) => {
      await waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 600_000, clock });
      expect(clock.slept).toEqual([1_000, 1_500, 2_250, 3_375, 5_062.5, 7_593.75, 10_000, 10_000, 10_000]);
    });
  });

  it("ends when it is gone", async () => {
    await showing([found("ACTIVE"), found("DELETING"), found("ERROR"), absent], async ({ client, clock }) => {
      expect(await waitForRegistry(client, "r1", { until: "absent", deadline: 600_000, clock })).toBeUndefined();
    });
  });

  it.each(["CREATING", "DELETING", "GARBAGE_COLLECTION", "MIGRATING", ""])("goes on at %j", async (status) => {
    await showing([found(status), found("ACTIVE")], async ({ client, clock }) => {
      await expect(waitOutGarbageCollection(client, "r1", { deadline: 10_000, clock })).resolves.toMatchObject({ status: "ACTIVE" });
    });
  });

  it("ends with an error at ERROR", async () => {
    await showing([found("CREATING"), found("ERROR")], async ({ client, clock }) => {
      const error = await waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 10_000, clock }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RegistryFailed);
      expect(error).toMatchObject({
        registry: { id: "r1", status: "ERROR" },
        message: expect.stringContaining("mine (r1) is in status ERROR"),
      });
    });
  });

  it("ends with an error when what was there is gone", async () => {
    await showing([found("CREATING"), absent], async ({ client, clock }) => {
      await expect(waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 10_000, clock })).rejects.toThrow(
        "mine is not there any more",
      );
    });
  });

  it("bears with a service that shows a new registry late, for 15 seconds", async () => {
    await showing([absent, absent, found("ACTIVE")], async ({ client, clock }) => {
      await expect(waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 600_000, clock })).resolves.toMatchObject({ id: "r1" });
    });
    await showing([absent], async ({ client, clock }) => {
      await expect(waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 600_000, clock })).rejects.toBeInstanceOf(RegistryFailed);
      expect(clock.slept.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(30_000);
    });
  });

  it("ends at the deadline, exactly, with what was seen last", async () => {
    await showing([found("GARBAGE_COLLECTION")], async ({ client, clock }) => {
      const error = await waitForRegistry(client, "r1", { until: "absent", deadline: 20_000, clock }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(DeadlineExceeded);
      expect(error).toMatchObject({
        waited: 20_000,
        registry: { id: "r1", status: "GARBAGE_COLLECTION" },
        message: "Registry mine is still there after 20 s: it is in status GARBAGE_COLLECTION. It may only need more time.",
      });
    });
  });

  it("names a status in the service's words", async () => {
    await showing([found("MIGRATING")], async ({ client, clock }) => {
      await expect(waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 0, clock })).rejects.toThrow(
        "is not ACTIVE after 0 s: it is in status MIGRATING",
      );
    });
  });

  it("ends with the service's error where it cannot look", async () => {
    await showing([{ status: 403, json: { error: "blocked" } }], async ({ client, clock }) => {
      await expect(waitForRegistry(client, "r1", { until: "absent", deadline: 20_000, clock })).rejects.toMatchObject({ status: 403 });
    });
  });

  it("ends when its signal does", async () => {
    await showing([found("CREATING")], async ({ client, clock, server }) => {
      const controller = new AbortController();
      const onProgress = () => controller.abort(new Error("enough"));
      await expect(
        waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 60_000, clock, signal: controller.signal, onProgress }),
      ).rejects.toThrow("enough");
      expect(server.seen).toHaveLength(1);
    });
  });
});

describe("a look that hangs", () => {
  it("does not outlast the deadline by more than it takes, and the error says what was seen before", async () => {
    const clock = jumpingClock();
    let looks = 0;
    const get = async (_: object, { timeouts }: { timeouts?: { total?: number } } = {}) => {
      if (looks++ === 0) return { id: "r1", name: "mine", status: "CREATING" as const };
      clock.advance(timeouts?.total ?? Number.POSITIVE_INFINITY);
      throw new RegistryError({ method: "GET", route: "/registries/{id}", url: "http://x", kind: "timeout", fate: "unknown" });
    };
    await connected(
      () => absent,
      async ({ client }) => {
        const slow = { ...client, v1: { ...client.v1, registries: { ...client.v1.registries, get } } };
        const error = await waitForRegistry(slow, "r1", { until: "ACTIVE", deadline: 60_000, clock }).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(DeadlineExceeded);
        expect(error).toMatchObject({ waited: 60_000, registry: { status: "CREATING" }, cause: { kind: "timeout" } });
      },
    );
  });
});

describe("an abort during a pause", () => {
  it("ends the wait with the reason of the signal", async () => {
    await connected(
      () => found("CREATING"),
      async ({ client }) => {
        const controller = new AbortController();
        const onProgress = () => setImmediate(() => controller.abort(new Error("enough")));
        const waiting = waitForRegistry(client, "r1", { until: "ACTIVE", deadline: 60_000, signal: controller.signal, onProgress });
        await expect(waiting).rejects.toThrow("enough");
      },
    );
  });
});

describe("a busy registry", () => {
  const busy: Reply = { status: 409, json: { error: "garbage collection is in progress" } };

  it("is tried until it is free", async () => {
    await showing([busy, busy, { status: 204 }], async ({ client, clock, server }) => {
      await retryWhileBusy(() => client.v1.repositories.delete({ id: "r1", name: "a/b" }), { deadline: 60_000, clock });
      expect(server.seen).toHaveLength(3);
      expect(clock.slept).toEqual([1_000, 1_500]);
    });
  });

  it("is given up at the deadline, with the service's words", async () => {
    await showing([busy], async ({ client, clock }) => {
      const error = await retryWhileBusy(() => client.v1.repositories.delete({ id: "r1", name: "a/b" }), { deadline: 5_000, clock }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(DeadlineExceeded);
      expect(error).toMatchObject({
        waited: 5_000,
        cause: { status: 409 },
        message: expect.stringContaining("garbage collection is in progress"),
      });
    });
  });

  it("is not the cause of other errors", async () => {
    await showing([busy, absent], async ({ client, clock, server }) => {
      await expect(
        retryWhileBusy(() => client.v1.repositories.delete({ id: "r1", name: "a/b" }), { deadline: 60_000, clock }),
      ).rejects.toMatchObject({ status: 404 });
      expect(server.seen).toHaveLength(2);
    });
  });
});

describe("collecting garbage", () => {
  const start = "POST /api/v1/registries/r1/garbage-collection";
  const look = "GET /api/v1/registries/r1";
  const courses: [string, Reply[], string[]][] = [
    ["starts it and waits for its end", [{ status: 201 }, found("GARBAGE_COLLECTION"), found("ACTIVE")], [start, look, look]],
    ["waits for the end of another one first", [{ status: 409 }, { status: 201 }, found("ACTIVE")], [start, start, look]],
    [
      "takes a collection for started whose answer was lost",
      [{ reset: true }, found("GARBAGE_COLLECTION"), found("ACTIVE")],
      [start, look, look],
    ],
    ["starts again what did not start", [{ reset: true }, found("ACTIVE"), { status: 201 }, found("ACTIVE")], [start, look, start, look]],
  ];
  it.each(courses)("%s", async (_, replies, lines) => {
    const clock = jumpingClock();
    await connected(
      (_request, index) => replies[index] ?? absent,
      async ({ client, server }) => {
        await expect(collectGarbage(client, { id: "r1" }, { deadline: 600_000, clock })).resolves.toMatchObject({ status: "ACTIVE" });
        expect(server.lines()).toEqual(lines);
      },
    );
  });

  it("gives the service a moment to show it, and deletes untagged images only if told to", async () => {
    await showing([{ status: 201 }, found("ACTIVE")], async ({ client, clock, server }) => {
      await collectGarbage(client, { id: "r1", deleteUntagged: true }, { deadline: 600_000, clock });
      expect(clock.slept).toEqual([1_000]);
      expect(server.lines()[0]).toBe(`${start}?delete-untagged=true`);
    });
  });

  it("has one deadline for all of it", async () => {
    await showing(
      [{ status: 409 }, { status: 409 }, { status: 409 }, { status: 201 }, found("GARBAGE_COLLECTION")],
      async ({ client, clock }) => {
        const begin = clock.now();
        await expect(collectGarbage(client, { id: "r1" }, { deadline: 12_000, clock })).rejects.toBeInstanceOf(DeadlineExceeded);
        expect(clock.now() - begin).toBe(12_000);
      },
    );
  });
});
