import type { Clock } from "./contract";

/** A clock that stands still until it is told to move: for tests, where every date must be known beforehand. */
export function standingClock(start = new Date("2026-01-01T00:00:00.000Z")): Clock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    set: (time) => {
      now = time.getTime();
    },
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** A clock that runs at the pace of the machine's; setting or advancing it shifts it. */
export function runningClock(machine: () => number = Date.now): Clock {
  let shift = 0;
  return {
    now: () => new Date(machine() + shift),
    set: (time) => {
      shift = time.getTime() - machine();
    },
    advance: (milliseconds) => {
      shift += milliseconds;
    },
  };
}
