import { availableParallelism } from "node:os";
import { preferredEngine } from "../engine";
import { type CleanupBench, measureCleanup } from "./cleanup";
import { cleanupText } from "./cleanup/print";
import { type HttpBench, measureHttp } from "./http";
import { measureNoop, type Noop } from "./noop";
import { measureState, type StateSize } from "./state-size";
import { table } from "./table";

/** Everything that was measured; written as JSON. */
export interface Bench {
  readonly engine: string;
  readonly node: string;
  readonly cores: number;
  readonly quick: boolean;
  readonly noop: readonly Noop[];
  readonly http: readonly HttpBench[];
  readonly state: readonly StateSize[];
  /** Undefined if it was left out. */
  readonly cleanup?: CleanupBench;
  /** Whether every goal was met. */
  readonly met: boolean;
}

export const PARTS = ["state", "http", "noop", "cleanup"] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  /** What to measure. Default all. */
  readonly parts?: readonly Part[];
  /** Small numbers and one round: shows that the benchmark works; its times mean nothing. */
  readonly quick: boolean;
  /** The packed package to measure; without it, what was built in this checkout. */
  readonly tarball?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly date: number;
  readonly write: (text: string) => void;
}

/** Measures the parts one after the other and prints a table of each as soon as it is there. */
export async function bench(options: BenchOptions): Promise<Bench> {
  const { parts = PARTS, quick, tarball, env, now, date, write } = options;
  const engine = await preferredEngine(env);
  const subject = { engine, tarball };
  const machine = { engine: engine.description, node: process.versions.node, cores: availableParallelism(), quick };
  write(
    `engine: ${machine.engine}\nNode ${machine.node}, ${machine.cores} cores${quick ? ", quick: the times mean nothing" : "; this takes some minutes"}\n`,
  );
  const state = parts.includes("state") ? await measureState(subject) : [];
  if (state.length > 0) write(stateText(state));
  const http = parts.includes("http") ? await measureHttp(quick ? 500 : 4_000, quick ? 1 : 31) : [];
  if (http.length > 0) write(httpText(http));
  const noop: Noop[] = [];
  for (const [resources, rounds] of quick ? [[10, 1] as const] : [[100, 7] as const, [1_000, 5] as const]) {
    if (parts.includes("noop")) noop.push(await measureNoop(subject, resources, rounds, now));
  }
  if (noop.length > 0) write(noopText(noop));
  const cleanup = parts.includes("cleanup")
    ? await measureCleanup({ quick, env, date, onPart: (part) => write(cleanupText(part)) })
    : undefined;
  const all = [...state, ...http, ...noop, ...(cleanup ? [cleanup.startUp, cleanup.bundle, ...cleanup.planner, ...cleanup.planning] : [])];
  return { ...machine, noop, http, state, ...(cleanup && { cleanup }), met: all.every(({ met }) => met) };
}

const stateText = (state: readonly StateSize[]) =>
  `\nState, bytes a resource (as JSON), and of them the text that refers to the package\n${table(
    ["type", "bytes", "provider text", "goal", ""],
    state.map(({ type, bytes, providerText, goal, met }) => [type, String(bytes), String(providerText), `< ${goal}`, verdict(met)]),
  )}`;

const httpText = (http: readonly HttpBench[]) =>
  `\nHTTP client beside plain undici: GETs of 700 bytes, 16 connections, requests a second\n${table(
    ["answer read as", "ours", "undici", "throughput", "goal", "", "CPU"],
    http.map(({ read, ours, undici, ratio, cpuRatio, goal, met }) => [
      read,
      ours.toFixed(0),
      undici.toFixed(0),
      times(ratio),
      `>= ${goal}`,
      verdict(met),
      times(cpuRatio),
    ]),
  )}`;

const noopText = (noop: readonly Noop[]) =>
  `\n\`up\` with nothing to do beside a provider that does nothing, seconds\n${table(
    ["resources", "ours", "nothing", "ratio", "goal", ""],
    noop.map(({ resources, ours, nothing, ratio, goal, met }) => [
      String(resources),
      (ours / 1000).toFixed(2),
      (nothing / 1000).toFixed(2),
      times(ratio),
      `<= ${goal}`,
      verdict(met),
    ]),
  )}`;

const times = (ratio: number): string => `${ratio.toFixed(2)}x`;
const verdict = (met: boolean): string => (met ? "met" : "MISSED");
