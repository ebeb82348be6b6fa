import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Which processors a program may use: a list as `taskset -c` takes it. */
export interface Processors {
  readonly server: string;
  readonly clients: string;
}

/**
 * A registry is another machine: here it gets a processor of its own, and whoever asks it the others. On processors that both share, a
 * client's own work would make the server look slower, the load generator's ceiling included.
 * Undefined where programs cannot be told (no Linux, no taskset, one processor): then they share.
 */
export function processorsApart(): Processors | undefined {
  if (process.platform !== "linux" || spawnSync("taskset", ["--version"]).status !== 0) return undefined;
  const allowed = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  const [server, ...clients] = allowed.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
  return server === undefined || clients.length === 0 ? undefined : { server: String(server), clients: clients.join(",") };
}

/** The command, on these processors. */
export const on = (processors: string | undefined, command: readonly string[]): readonly string[] =>
  processors === undefined ? command : ["taskset", "-c", processors, ...command];
