import { findServers } from "../../servers";
import { places, serverKinds } from "../../servers/find";
import { missingTools } from "./peers";
import { measurePlanner, type Planner } from "./planner";
import { measurePlanning, type Planning } from "./planning";
import { type Bundle, measureStartUp, type StartUp } from "./start-up";

/** The cleanup action: what it costs, beside what people use instead and beside what a server can give. */
export interface CleanupBench {
  /** What took no part, with the line that brings it. */
  readonly missing: readonly string[];
  readonly startUp: StartUp;
  readonly bundle: Bundle;
  readonly planner: readonly Planner[];
  readonly planning: readonly Planning[];
}

export interface CleanupBenchOptions {
  readonly quick: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly date: number;
  /** Called with each part as soon as it is there. */
  readonly onPart: (part: Partial<CleanupBench>) => void;
}

/** Measures the parts one after the other. Goes on without what is missing. */
export async function measureCleanup({ quick, env, date, onPart }: CleanupBenchOptions): Promise<CleanupBench> {
  const servers = findServers(env).map(({ name }) => name);
  const missing = [
    ...missingTools(env),
    ...serverKinds.filter((kind) => !servers.includes(kind)).map((kind) => `${kind} is missing: ${places[kind].hint}`),
  ];
  onPart({ missing });
  const started = await measureStartUp(quick ? 3 : 31);
  onPart(started);
  const planner = await measurePlanner(quick);
  onPart({ planner });
  const planning: Planning[] = [];
  for (const server of servers) {
    // Loops that start a process for each tag take minutes: on one of the servers they show what they are.
    const measured = await measurePlanning({ server, env, date, ...(quick ? SMALL : LARGE), slow: server === "docker-registry" });
    planning.push(measured);
    onPart({ planning: [measured] });
  }
  return { missing, ...started, planner, planning };
}

const SMALL = { images: 20, rounds: 1, duration: 1 } as const;
const LARGE = { images: 2_500, rounds: 5, duration: 3 } as const;
