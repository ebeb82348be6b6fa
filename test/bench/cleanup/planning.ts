import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Pool } from "undici";
import { z } from "zod";
import { bundle, Runner } from "../../action/process";
import { fill, type RunningServer, roomyFolder, type ServerKind, startServer } from "../../servers";
import { median, takeTurns } from "../rounds";
import { type Ceiling, measureCeiling } from "./ceiling";
import { type Cost, costOf } from "./cost";
import { findPeer, PEERS, type Place } from "./peers";
import { on, processorsApart } from "./processors";

/** The action has to reach this share of what the server can answer. */
export const CEILING_GOAL = 0.8;
/** Of the load generator and, if it is not told otherwise, of the action. */
const CONNECTIONS = 8;
const REPOSITORY = "team/app";

export interface Planning {
  /** `docker-registry 2.8.2` */
  readonly server: string;
  readonly tags: number;
  readonly images: number;
  readonly rounds: number;
  /** Medians. Undefined without wrk. */
  readonly ceiling?: Ceiling;
  /** Medians. */
  readonly ours: Contender;
  readonly goal: number;
  readonly met: boolean;
  readonly peers: readonly Contender[];
  /** The server has a processor of its own, so that what a client does costs the client only. */
  readonly apart: boolean;
}

/** One who found out how old each tag's image is. */
export interface Contender {
  readonly name: string;
  readonly seconds: number;
  /** As the server counts them. */
  readonly requests: number;
  /** Seconds of processor time. */
  readonly cpu?: number;
  /** Bytes: the most that any one process held. */
  readonly peak?: number;
  /** Seconds of the ceiling, measured right beside it, divided by its own. Undefined without wrk. */
  readonly share?: number;
}

export interface PlanningOptions {
  readonly server: ServerKind;
  readonly images: number;
  readonly rounds: number;
  /** Seconds of load for each of the two rates of the ceiling. */
  readonly duration: number;
  /** Also those that start processes for each tag. */
  readonly slow: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly date: number;
}

/** Reads the age of every tag of one repository: the built action, in turns with the load generator, and then what people use instead. */
export async function measurePlanning(options: PlanningOptions): Promise<Planning> {
  const { images, rounds, duration, slow, env, date } = options;
  const data = roomyFolder("bench-");
  const apart = processorsApart();
  const launcher = apart && on(apart.server, []);
  const server = await startServer(options.server, { directory: data, counted: true, ...(launcher && { launcher }) });
  const processors = apart?.clients;
  const scratch = mkdtempSync(path.join(tmpdir(), "bench-cleanup-"));
  try {
    const filled = await fill({ url: server.url, repositories: [{ name: REPOSITORY, images, indexes: 0 }], now: date });
    const tags = filled.flatMap((image) => image.tags);
    const configs = await configsOf(
      server.url,
      filled.map(({ digest }) => digest),
    );
    const ceiling = () =>
      measureCeiling({ url: server.url, repository: REPOSITORY, tags, configs, duration, connections: CONNECTIONS, processors });
    const plan = () => contender(server, "this action", () => planned(server.url, tags.length, { images, processors }));
    await plan(); // until the server has it all in memory
    const pairs = await takeTurns(rounds, plan, ceiling);
    const ours = middle(pairs.ours.map((one, round) => beside(pairs.theirs[round], one)));
    const ceilings = pairs.theirs.flatMap((found) => found ?? []);
    const peers: Contender[] = [];
    const place: Place = { url: server.url, repository: REPOSITORY };
    for (const peer of PEERS) {
      const tool = findPeer(peer, env);
      if (!tool || (peer.slow && !slow)) continue;
      const command = peer.command(place, tool.path, scratch);
      const name = [`${peer.name} ${tool.version}`, ...(peer.how ? [peer.how] : [])].join(", ");
      const measured = await contender(
        server,
        name,
        () => costOf(command, { ...env, HOME: scratch, DOCKER_CONFIG: scratch }, processors),
        tags.length,
      );
      peers.push(beside(await ceiling(), measured));
    }
    const found = {
      server: `${server.name} ${server.version}`,
      tags: tags.length,
      images,
      rounds,
      ours,
      peers,
      goal: CEILING_GOAL,
      apart: apart !== undefined,
    };
    if (ours.share === undefined) return { ...found, met: true };
    const rate = (pick: (one: Ceiling) => number) => median(ceilings.map(pick));
    const medians = { manifests: rate((one) => one.manifests), configs: rate((one) => one.configs), seconds: rate((one) => one.seconds) };
    return { ...found, ceiling: medians, met: ours.share >= CEILING_GOAL };
  } finally {
    await server.stop();
    for (const folder of [data, scratch]) rmSync(folder, { recursive: true, force: true });
  }
}

/** A dry run for which every image's date is needed. */
async function planned(
  url: string,
  tags: number,
  { images, processors }: { readonly images: number; readonly processors: string | undefined },
): Promise<Cost> {
  const runner = new Runner();
  try {
    const inputs = { registry: url, repositories: REPOSITORY, "older-than": "30d", "keep-n-tagged": "10", "max-deletions": String(tags) };
    const { env, left } = runner.prepare({ inputs: { ...inputs, "max-deletions-percent": "100" } });
    const cost = await costOf([process.execPath, bundle], env, processors);
    const { outputs } = left();
    const seen = Number(outputs["would-delete-count"]) + Number(outputs["kept-count"]);
    if (seen !== images) throw new Error(`the action should have seen ${images} images: ${JSON.stringify(outputs)}`);
    return cost;
  } finally {
    runner.remove();
  }
}

/** Measures one and what the server counted meanwhile. With `lines`: so many it has to print. */
async function contender(server: RunningServer, name: string, measure: () => Promise<Cost>, lines?: number): Promise<Contender> {
  const before = await server.requests();
  const { stdout, ...cost } = await measure();
  const requests = (await server.requests()) - before;
  const printed = new Set(stdout.match(/^\d{4}-\d\d-\d\d[T ].+ \S+$|^\d{4}-\d\d-\d\d[T ].+\t\S+$/gm)).size;
  if (lines !== undefined && printed !== lines)
    throw new Error(`${name} should have found ${lines} dates, and found ${printed}:\n${stdout.slice(0, 500)}`);
  return { name, ...cost, requests };
}

/** Whatever else the machine does meets both alike. */
const beside = (ceiling: Ceiling | undefined, one: Contender): Contender =>
  ceiling ? { ...one, share: ceiling.seconds / one.seconds } : one;

function middle(all: readonly Contender[]): Contender {
  const [first] = all;
  if (!first) throw new Error("there is at least one round");
  const of = (pick: (one: Contender) => number | undefined) => median(all.map((one) => pick(one) ?? Number.NaN));
  const measured = { name: first.name, seconds: of((one) => one.seconds), requests: of((one) => one.requests) };
  const timed = first.cpu !== undefined && { cpu: of((one) => one.cpu), peak: of((one) => one.peak) };
  return { ...measured, ...timed, ...(first.share !== undefined && { share: of((one) => one.share) }) };
}

const Manifest = z.object({ config: z.object({ digest: z.string() }) });

/** The config's digest of each image, as it is in the manifest. */
async function configsOf(url: string, digests: readonly string[]): Promise<string[]> {
  const pool = new Pool(url, { connections: CONNECTIONS });
  try {
    const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
    const answers = digests.map(async (digest) => {
      const { body } = await pool.request({ method: "GET", path: `/v2/${REPOSITORY}/manifests/${digest}`, headers });
      return Manifest.parse(await body.json()).config.digest;
    });
    return await Promise.all(answers);
  } finally {
    await pool.close();
  }
}
