import { type HttpRequest, systemClock } from "../../provider/http";
import { cleanUp, client, failure, opened } from "./client";
import { json, serve, serveRaw, silence, text } from "./server";

afterEach(cleanUp);

const get: HttpRequest = { method: "GET", route: "/x" };

/** Aborts as soon as `when` is true, and says how long the call took to notice. */
async function abortWhen(when: () => boolean, call: (signal: AbortSignal) => Promise<unknown>) {
  const controller = new AbortController();
  const pending = failure(call(controller.signal));
  while (!when()) await new Promise((resolve) => setImmediate(resolve));
  const aborted = performance.now();
  controller.abort(new Error("enough"));
  const error = await pending;
  expect(performance.now() - aborted).toBeLessThan(3000);
  return error;
}

describe("an abort ends a call at once and for good", () => {
  it("before it began", async () => {
    const server = await opened(serve(json({})));
    expect(await failure(client(server).send({ ...get, signal: AbortSignal.abort() }))).toMatchObject({
      kind: "aborted",
      fate: "not-sent",
    });
    expect(server.received).toHaveLength(0);
  });

  it("while it waits for the answer", async () => {
    const server = await opened(serve(silence));
    const error = await abortWhen(
      () => server.received.length === 1,
      (signal) => client(server).send({ ...get, method: "DELETE", signal }),
    );
    expect(error).toMatchObject({ kind: "aborted", fate: "unknown", attempts: 1 });
    expect(error.message).toContain("aborted by the caller. It is unknown whether the request took effect");
    expect(server.received).toHaveLength(1);
  });

  it("while it connects", async () => {
    const server = await opened(serveRaw(() => undefined));
    const http = client(server.url.replace("http:", "https:"));
    expect(
      await abortWhen(
        () => server.connections() === 1,
        (signal) => http.send({ ...get, signal }),
      ),
    ).toMatchObject({ kind: "aborted", fate: "not-sent" });
  });

  it("while the body comes in", async () => {
    let begun = false;
    const server = await opened(
      serve(
        (response) =>
          void response.writeHead(200).write("[", () => {
            begun = true;
          }),
      ),
    );
    expect(
      await abortWhen(
        () => begun,
        (signal) => client(server).send({ ...get, signal }),
      ),
    ).toMatchObject({ kind: "aborted" });
  });

  it("while it sends its body", async () => {
    const server = await opened(serve(silence));
    let sent = 0;
    let closed = false;
    async function* stream() {
      try {
        for (;;) {
          sent++;
          yield Buffer.alloc(1000);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        closed = true;
      }
    }
    const error = await abortWhen(
      () => sent > 5,
      (signal) => client(server).send({ method: "PUT", route: "/x", body: { stream, type: "x/y" }, signal }),
    );
    expect(error).toMatchObject({ kind: "aborted", fate: "unknown" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(closed).toBe(true);
  });

  it("while it waits for its next attempt", async () => {
    const server = await opened(serve(text("", 503, { "retry-after": "60" })));
    let sleeping = false;
    const clock = {
      ...systemClock,
      sleep: (milliseconds: number, signal?: AbortSignal) => {
        sleeping = true;
        return systemClock.sleep(milliseconds, signal);
      },
    };
    expect(
      await abortWhen(
        () => sleeping,
        (signal) => client(server, { clock }).send({ ...get, signal }),
      ),
    ).toMatchObject({ kind: "aborted", fate: "not-sent" });
    expect(server.received).toHaveLength(1);
  });

  it("while it waits in line, and leaves its place", async () => {
    let release: (() => void) | undefined;
    const server = await opened(
      serve((response) => {
        release = () => response.end("{}");
      }, json({})),
    );
    const http = client(server, { connections: 1 });
    const first = http.send(get);
    while (release === undefined) await new Promise((resolve) => setImmediate(resolve));
    expect(
      await abortWhen(
        () => true,
        (signal) => http.send({ ...get, signal }),
      ),
    ).toMatchObject({ kind: "aborted", fate: "not-sent" });
    release();
    await first;
    await http.send(get);
    expect(server.received).toHaveLength(2);
  });

  it("while it waits for credentials", async () => {
    const server = await opened(serve(json({})));
    let asked = false;
    const authorizer = {
      authorize: () => {
        asked = true;
        return new Promise<never>(() => undefined);
      },
      renew: async () => false,
    };
    expect(
      await abortWhen(
        () => asked,
        (signal) => client(server, { authorizer }).send({ ...get, signal }),
      ),
    ).toMatchObject({ kind: "aborted", fate: "not-sent" });
  });
});

describe("a signal", () => {
  it("may be shared by many calls and is let go of", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const server = await opened(serve(json({})));
    const http = client(server);
    const controller = new AbortController();
    const add = jest.spyOn(controller.signal, "addEventListener");
    const remove = jest.spyOn(controller.signal, "removeEventListener");
    await Promise.all(Array.from({ length: 50 }, () => http.send({ ...get, signal: controller.signal })));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
    // One listener for all that run at a time.
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove).toHaveBeenCalledTimes(1);
  });
});
