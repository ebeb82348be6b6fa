import { availableParallelism } from "node:os";
import { preferredEngine } from "../engine";
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
  /** Whether every goal was met. */
  readonly met: boolean;
}

export interface BenchOptions {
  /** Small numbers and one round: shows that the benchmark works; its times mean nothing. */
  readonly quick: boolean;
  /** The packed package to measure; without it, what was built in this checkout. */
  readonly tarball?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly now: () => number;
  readonly write: (text: string) => void;
}

/** Measures the three parts one after the other and prints a table of each as soon as it is there. */
export async function bench({ quick, tarball, env, now, write }: BenchOptions): Promise<Bench> {
  const engine = await preferredEngine(env);
  const subject = { engine, tarball };
  write(
    `engine: ${engine.description}\nNode ${process.versions.node}, ${availableParallelism()} cores${quick ? ", quick: the times mean nothing" : "; this takes some minutes"}\n`,
  );

  const state = await measureState(subject);
  write("\nState, bytes a resource (as JSON), and of them the text that refers to the package\n");
  write(
    table(
      ["type", "bytes", "provider text", "goal", ""],
      state.map(({ type, bytes, providerText, goal, met }) => [type, String(bytes), String(providerText), `< ${goal}`, verdict(met)]),
    ),
  );

  const http = await measureHttp(quick ? 500 : 4_000, quick ? 1 : 31);
  write("\nHTTP client beside plain undici: GETs of 700 bytes, 16 connections, requests a second\n");
  write(
    table(
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
    ),
  );

  const noop: Noop[] = [];
  for (const [resources, rounds] of quick ? [[10, 1] as const] : [[100, 7] as const, [1_000, 5] as const]) {
    noop.push(await measureNoop(subject, resources, rounds, now));
  }
  write("\n`up` with nothing to do beside a provider that does nothing, seconds\n");
  write(
    table(
      ["resources", "ours", "nothing", "ratio", "goal", ""],
      noop.map(({ resources, ours, nothing, ratio, goal, met }) => [
        String(resources),
        (ours / 1000).toFixed(2),
        (nothing / 1000).toFixed(2),
        times(ratio),
        `<= ${goal}`,
        verdict(met),
      ]),
    ),
  );
  const met = [...state, ...http, ...noop].every((part) => part.met);
  return { engine: engine.description, node: process.versions.node, cores: availableParallelism(), quick, noop, http, state, met };
}

const times = (ratio: number): string => `${ratio.toFixed(2)}x`;
const verdict = (met: boolean): string => (met ? "met" : "MISSED");
