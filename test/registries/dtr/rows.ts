import { rows } from "../../../provider/registries/call";
import { type DtrClient, operations, RegistryError } from "../../../provider/registries/dtr";
import type { Reply } from "../selectel/scripted-server";
import { connected, failure, password } from "./connected";

/** One operation on the wire: what the client is asked, what the server sees and answers, what the client gives. */
export interface Row {
  /** Dotted name in `operations`: `jobs.get`. */
  readonly name: string;
  /** Method, raw path, raw query. */
  readonly line: string;
  /** The JSON that is sent; undefined: no body at all. */
  readonly body?: unknown;
  readonly reply: Reply;
  readonly run: (client: DtrClient) => Promise<unknown>;
  readonly gives: unknown;
  /** Documented failures beside 401: status and code. */
  readonly errors: readonly (readonly [status: number, code: string])[];
}

/** A list to its end, as an array. */
export const all = <T>(list: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(list);

/** Tests of every row: request, answer, errors, and that no row of the areas is left out. */
export function describeRows(areas: readonly string[], cases: readonly Row[]): void {
  it("are all there", () => {
    const names = rows(operations).map(({ name }) => name);
    const wanted = names.filter((name) => areas.includes(name.split(".")[0] ?? ""));
    expect([...new Set(cases.map(({ name }) => name))].sort()).toEqual(wanted.sort());
  });

  it("are tried with every failure that their rows name", () => {
    const tried = (name: string) => cases.filter((one) => one.name === name).flatMap(({ errors }) => errors.map(([status]) => status));
    for (const { name, operation } of rows(operations).filter(({ name }) => areas.includes(name.split(".")[0] ?? ""))) {
      const left = operation.errors.filter((status) => status !== 401 && !tried(name).includes(status));
      expect({ name, left }).toEqual({ name, left: [] });
    }
  });

  it.each(cases)("$name: $line", async ({ line, body, reply, run, gives }) => {
    await connected(
      (_, index) => (index === 0 ? reply : emptied(reply)),
      async ({ client, server }) => {
        expect(await run(client)).toEqual(gives);
        const [seen] = server.seen;
        expect(`${seen?.method} ${seen?.url}`).toBe(line);
        expect(seen?.body ? JSON.parse(seen.body) : undefined).toEqual(body);
        if (body !== undefined) expect(seen?.headers["content-type"]).toBe("application/json");
        expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from(`admin:${password}`).toString("base64")}`);
      },
    );
  });

  // 2.6 and 2.7 differ in them.
  it.each(cases.filter(({ reply }) => (reply.status ?? 200) < 300))(
    "$name: any success status is success",
    async ({ reply, run, gives }) => {
      const statuses = gives === undefined ? [200, 201, 202, 204] : [200, 201, 202];
      for (const status of statuses) {
        const answer = status === 204 ? { status } : { ...reply, status };
        await connected(
          (_, index) => (index === 0 ? answer : emptied(reply)),
          async ({ client }) => expect({ status, gives: await run(client) }).toEqual({ status, gives }),
        );
      }
    },
  );

  it.each(cases)("$name: a failure is one whatever form its body has", async ({ run }) => {
    let form: Reply = {};
    await connected(
      () => ({ status: 400, ...form }),
      async ({ client }) => {
        for (const [reply, told] of forms) {
          form = reply;
          const error = await failure(run(client));
          expect(error).toBeInstanceOf(RegistryError);
          expect({ reply, error }).toMatchObject({ error: { kind: "status", status: 400, message: expect.stringMatching(told) } });
        }
      },
    );
  });

  const failing = cases.flatMap(({ name, run, errors }) =>
    [[401, "NOT_AUTHENTICATED"] as const, ...errors].map(([status, code]) => ({ name, run, status, code })),
  );
  it.each(failing)("$name: $status $code is told", async ({ run, status, code }) => {
    await connected(
      () => ({ status, json: { errors: [{ code, message: `the server's words on ${code}`, detail: { any: "thing" } }] } }),
      async ({ client }) => {
        const error = await failure(run(client));
        expect(error).toBeInstanceOf(RegistryError);
        expect(error).toMatchObject({ kind: "status", status, code, serverMessage: `the server's words on ${code}` });
      },
    );
  });
}

/** Lists by offset are asked for until nothing new comes. */
const emptied = (reply: Reply): Reply =>
  typeof reply.json === "object" && reply.json !== null && "jobs" in reply.json ? { json: { jobs: [] } } : reply;

/** Bodies of failures as servers, their account service and proxies write them, and what a message makes of them. */
const forms: readonly (readonly [Reply, RegExp])[] = [
  [
    {
      json: {
        errors: [
          { code: "C", message: "m" },
          { code: "D", message: "n" },
        ],
      },
    },
    /: 400 C: m \(and 1 more\)/,
  ],
  [{ json: { errors: [] } }, /: 400 Bad Request/],
  [{ json: {} }, /: 400 Bad Request/],
  [{ json: null }, /: 400 Bad Request|: 400: null/],
  [{}, /: 400 Bad Request/],
  [{ json: { code: "C", message: "m" } }, /: 400 C: m/],
  [{ json: { errors: [{ code: true, message: "lol" }] } }, /: 400: lol/],
  [{ json: { errors: [null, 3, { code: "C" }] } }, /: 400 C/],
  [{ json: { errors: "text" } }, /: 400/],
  [
    { text: "<html><title>504 Gateway Timeout</title></html>", headers: { "content-type": "text/html" } },
    /: 400: an HTML page, "504 Gateway Timeout"/,
  ],
  [{ text: '{"errors":[{"code"' }, /: 400/],
  [{ text: "plain words" }, /: 400: plain words/],
];
