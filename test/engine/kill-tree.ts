/** Ends a process with everything that it has started: the real engine puts its plugins into process groups of their own. */
import { execFileSync } from "node:child_process";

export function killTree(root: number): void {
  if (process.platform === "win32") {
    run("taskkill", ["/T", "/F", "/PID", String(root)]);
    return;
  }
  const below = descendants(root);
  // The root first, so that nothing new is started; then what it had started in the meantime too.
  for (const pid of [root, ...new Set([...below, ...below.flatMap(descendants), ...descendants(root)])]) kill(pid);
}

function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const line of run("ps", ["-A", "-o", "pid=,ppid="]).split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  for (const queue = [root]; queue.length > 0; ) {
    const next = children.get(queue.pop() ?? -1) ?? [];
    found.push(...next);
    queue.push(...next);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone already
  }
}

function run(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}
