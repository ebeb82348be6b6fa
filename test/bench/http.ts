import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { Pool } from "undici";
import { z } from "zod";
import { HttpClient } from "../../provider/http";
import { median, ratio, takeTurns } from "./rounds";

/** Our client has to reach this share of plain undici's throughput. */
export const HTTP_GOAL = 0.9;

const CONNECTIONS = 16;
const PATH = "/v2/team/app/manifests/latest";
const Answer = z.object({ digest: z.string(), size: z.number(), tags: z.array(z.string()) });

export interface HttpBench {
  /** What is done with each answer. */
  readonly read: "bytes" | "JSON, checked by a schema";
  readonly requests: number;
  readonly rounds: number;
  /** Requests a second, median. */
  readonly ours: number;
  readonly undici: number;
  /** Throughput: ours / undici's. */
  readonly ratio: number;
  /** Processor time a request: ours / undici's. */
  readonly cpuRatio: number;
  readonly goal: number;
  readonly met: boolean;
}

interface Round {
  readonly perSecond: number;
  readonly cpu: number;
}

/** GETs of 700 bytes over 16 connections: our client beside undici's `Pool.request`, in turns, the server in a process of its own. */
export async function measureHttp(requests: number, rounds: number): Promise<HttpBench[]> {
  const server = spawn(process.execPath, [path.join(__dirname, "http-server.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [port] = await once(server.stdout.setEncoding("utf8"), "data");
    const origin = `http://127.0.0.1:${String(port).trim()}`;
    const client = new HttpClient({ baseUrl: origin, connections: CONNECTIONS, env: {} });
    const pool = new Pool(origin, { connections: CONNECTIONS });
    const request = { method: "GET", route: PATH } as const;
    const get = async () => (await pool.request({ method: "GET", path: PATH })).body;
    const compare = async (read: HttpBench["read"], ours: () => Promise<unknown>, undici: () => Promise<unknown>): Promise<HttpBench> => {
      await takeTurns(
        2,
        () => flood(ours, requests),
        () => flood(undici, requests),
      ); // until both are compiled
      const pairs = await takeTurns(
        rounds,
        () => flood(ours, requests),
        () => flood(undici, requests),
      );
      const each = (pick: (round: Round) => number) => ({ ours: pairs.ours.map(pick), theirs: pairs.theirs.map(pick) });
      const [perSecond, cpu] = [each((round) => round.perSecond), each((round) => round.cpu)];
      const found = ratio(perSecond);
      const medians = { ours: median(perSecond.ours), undici: median(perSecond.theirs) };
      return { read, requests, rounds, ...medians, ratio: found, cpuRatio: ratio(cpu), goal: HTTP_GOAL, met: found >= HTTP_GOAL };
    };
    const bytes = await compare(
      "bytes",
      () => client.send(request),
      async () => (await get()).arrayBuffer(),
    );
    const json = await compare(
      "JSON, checked by a schema",
      () => client.json(request, Answer),
      async () => Answer.parse(await (await get()).json()),
    );
    await Promise.all([client.close(), pool.close()]);
    return [bytes, json];
  } finally {
    server.stdin.end();
  }
}

/** As many calls as asked for, {@link CONNECTIONS} at a time. */
async function flood(call: () => Promise<unknown>, requests: number): Promise<Round> {
  let left = requests;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: requests / seconds, cpu: (user + system) / requests };
}
