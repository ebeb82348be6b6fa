import { z } from "zod";
import { type HttpRequest, invalidAnswer, RegistryError, readJson } from "../../provider/http";
import { cleanUp, client, failure, fakeClock, opened } from "./client";
import { json, type Reply, reset, serve, text } from "./server";

afterEach(cleanUp);

const post: HttpRequest = { method: "POST", route: "/things", body: { json: { name: "a" } } };
const Thing = z.object({ id: z.number() });

/** A server that keeps things, and answers the n-th creation as told. */
function shop(...answers: ((created: () => number) => Reply)[]) {
  const things: number[] = [];
  const replies = answers.map(
    (answer): Reply =>
      (response, request, socket) =>
        answer(() => things.push(things.length + 1))(response, request, socket),
  );
  return { things, server: opened(serve(...replies)), find: async () => (things.length > 0 ? { id: things.length } : undefined) };
}

const created = (create: () => number): Reply => json({ id: create() }, 201);
const lostAfter = (create: () => number): Reply => {
  return (response, request, socket) => {
    create();
    reset(response, request, socket);
  };
};

describe("a request that must not be sent twice", () => {
  it("needs no look at the server if it is answered", async () => {
    const { server, things } = shop(created);
    const result = await client(await server).once(
      post,
      (answer) => readJson(answer, Thing),
      async () => {
        throw new Error("not asked");
      },
    );
    expect([result, things]).toEqual([{ id: 1 }, [1]]);
  });

  it.each<[string, (create: () => number) => Reply]>([
    ["a reset", lostAfter],
    [
      "a 502",
      (create) => {
        create();
        return text("", 502);
      },
    ],
    [
      "a 503 without Retry-After",
      (create) => {
        create();
        return text("", 503);
      },
    ],
    [
      "a body that breaks off",
      (create) => (response, _request, socket) => {
        create();
        response.writeHead(201, { "content-length": "100" });
        response.write('{"id"');
        setImmediate(() => socket.destroy());
      },
    ],
  ])("and took effect before %s is found and not sent again", async (_what, reply) => {
    const { server, things, find } = shop(reply, created);
    expect(await client(await server).once(post, (answer) => readJson(answer, Thing), find)).toEqual({ id: 1 });
    expect([things, (await server).received.length]).toEqual([[1], 1]);
  });

  it("is sent again if the server proves that nothing happened", async () => {
    const { server, things, find } = shop(
      () => reset,
      () => text("", 500),
      created,
    );
    const clock = fakeClock();
    expect(await client(await server, { clock }).once(post, (answer) => readJson(answer, Thing), find)).toEqual({ id: 1 });
    expect([things, (await server).received.length]).toEqual([[1], 3]);
    expect(clock.sleeps).toEqual([125, 250]);
  });

  it("ends in an error that says so if nothing can be found out", async () => {
    const { server, things } = shop(lostAfter, created);
    const find = async (): Promise<undefined> => {
      throw new Error("GET /things: 500");
    };
    const error = await failure(client(await server).once(post, (answer) => readJson(answer, Thing), find));
    expect(error).toMatchObject({ kind: "connection", fate: "unknown", attempts: 1 });
    expect(error.message).toMatch(/It is unknown whether the request took effect\. Looking for its effect failed too: GET \/things: 500$/);
    expect(things).toEqual([1]);
  });

  it("is given up after the usual number of attempts, all proven to be without effect", async () => {
    const { server, find } = shop(() => reset);
    const error = await failure(client(await server).once(post, (answer) => readJson(answer, Thing), find));
    expect(error).toMatchObject({ kind: "connection", fate: "refused", attempts: 5 });
    expect(error.message).toContain("The server shows that it did not take effect");
  });

  it("that took effect late, and so conflicts with itself, is found", async () => {
    const { server, things } = shop(
      () => reset,
      (create) => {
        create();
        return json({ message: "exists" }, 409);
      },
    );
    let looks = 0;
    const result = await client(await server).once(
      post,
      (answer) => readJson(answer, Thing),
      async () => (++looks === 2 ? { id: 1 } : undefined),
    );
    expect([result, things]).toEqual([{ id: 1 }, [1]]);
  });

  it("is not sent a third time if the server then refuses it and shows nothing", async () => {
    const { server } = shop(
      () => reset,
      () => json({ message: "quota exceeded" }, 403),
      created,
    );
    const error = await failure(
      client(await server).once(
        post,
        (answer) => readJson(answer, Thing),
        async () => undefined,
      ),
    );
    expect(error).toMatchObject({ status: 403, serverMessage: "quota exceeded", attempts: 2 });
    expect((await server).received).toHaveLength(2);
  });

  it("is not looked for after a plain refusal", async () => {
    const { server } = shop(() => json({ message: "exists" }, 409));
    const error = await failure(
      client(await server).once(
        post,
        (answer) => readJson(answer, Thing),
        async () => {
          throw new Error("not asked");
        },
      ),
    );
    expect(error).toMatchObject({ status: 409, serverMessage: "exists" });
  });

  it("whose answer cannot be used is looked for but never sent again", async () => {
    const { server, things, find } = shop((create) => {
      create();
      return text("<html><title>OK</title></html>", 200);
    }, created);
    expect(await client(await server).once(post, (answer) => readJson(answer, Thing), find)).toEqual({ id: 1 });
    expect(things).toEqual([1]);
    const second = shop(created);
    const error = await failure(
      client(await second.server).once(
        post,
        (answer) => {
          throw invalidAnswer(answer, "of no use");
        },
        async () => undefined,
      ),
    );
    expect(error).toMatchObject({ kind: "answer", status: 201 });
    expect(second.things).toEqual([1]);
  });

  it("is not looked for after an abort", async () => {
    const { server } = shop(() => () => undefined);
    const controller = new AbortController();
    const pending = client(await server).once(
      { ...post, signal: controller.signal },
      (answer) => readJson(answer, Thing),
      async () => {
        throw new Error("not asked");
      },
    );
    setTimeout(() => controller.abort(), 5);
    expect(await failure(pending)).toMatchObject({ kind: "aborted", fate: "unknown" });
  });

  it("gives errors of one class only, whatever `read` throws", async () => {
    const { server } = shop(created);
    const error = await failure(
      client(await server).once(
        post,
        () => {
          throw new TypeError("x is undefined");
        },
        async () => undefined,
      ),
    );
    expect(error).toBeInstanceOf(RegistryError);
    expect((error.cause as Error).message).toBe("x is undefined");
  });
});
