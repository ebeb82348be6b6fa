import type { OnProgress, Progress } from "../../provider/cleanup/run/progress";
import { counted, grouped } from "./counted";

/** Milliseconds between two lines: a run of hours has some hundred of them. */
const interval = 10_000;

/** Says how far a long run is, every ten seconds at most. `now`: milliseconds of any clock. */
export function progressLines(say: (line: string) => void, now: () => number): OnProgress {
  let last = now();
  return (event) => {
    const isTurn = event.kind === "garbage-collection" || event.kind === "selected";
    if (!isTurn && now() - last < interval) return;
    const line = lineOf(event);
    if (line === undefined) return;
    last = now();
    say(line);
  };
}

/** What is to be said of it, if anything. */
export function lineOf(event: Progress): string | undefined {
  switch (event.kind) {
    case "selected":
      return `Reading ${counted(event.repositories, "repository", "repositories")}.`;
    case "planned":
      return `${part(event.done, event.total)} repositories read, ${counted(event.tags, "tag")}; last: ${event.repository}`;
    case "deleting":
      return `${part(event.allDone, event.allTotal)} deletions done; at ${event.repository}`;
    case "applied":
      return `${part(event.done, event.total)} repositories cleaned; last: ${event.repository}`;
    case "garbage-collection":
      return `Garbage collection of ${event.scope}: ${event.line}`;
  }
}

const part = (done: number, total: number): string => `${grouped(done)} of ${grouped(total)}`;
