/** Something that must be over at a time. */
export interface Deadline {
  /** Milliseconds on the clock of `performance.now`. */
  due: number;
  /** Called when it is not, once. */
  expire(): void;
}

const pending = new Set<Deadline>();
let timer: NodeJS.Timeout | undefined;
/** When the timer fires. */
let wakeUp = Number.POSITIVE_INFINITY;

/**
 * Sets, or moves, a deadline. One timer for all: each request has several deadlines one after the other, of which next to none is ever
 * reached, and a timer each would cost more than the request's headers. Not for more than 2^31 milliseconds.
 */
export function setDeadline(deadline: Deadline, milliseconds: number): void {
  deadline.due = performance.now() + milliseconds;
  pending.add(deadline);
  if (deadline.due < wakeUp) wakeAt(deadline.due);
}

/** It is over: in time, or no longer of interest. */
export function clearDeadline(deadline: Deadline): void {
  if (!pending.delete(deadline) || pending.size > 0) return;
  // A timer would keep the process from ending.
  clearTimeout(timer);
  timer = undefined;
  wakeUp = Number.POSITIVE_INFINITY;
}

function wakeAt(due: number): void {
  clearTimeout(timer);
  wakeUp = due;
  // Never early: a timer that fires before its time would fire again and again.
  timer = setTimeout(expireAll, Math.max(1, Math.ceil(due - performance.now())));
}

function expireAll(): void {
  const now = performance.now();
  const late = [...pending].filter(({ due }) => due <= now);
  for (const deadline of late) pending.delete(deadline);
  wakeUp = Number.POSITIVE_INFINITY;
  timer = undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const { due } of pending) next = Math.min(next, due);
  if (next < Number.POSITIVE_INFINITY) wakeAt(next);
  for (const deadline of late) deadline.expire();
}
