import type { Injection } from "../sandbox";

/** What may happen to any request of a mint. */
export const faults: readonly Injection["fault"][] = [
  "reset-before",
  "reset-after",
  "truncated",
  "broken-json",
  "html",
  "expired-session",
  "redirect",
  { kind: "status", status: 500 },
  { kind: "status", status: 503, retryAfter: 1 },
  { kind: "status", status: 429, retryAfter: 1 },
  { kind: "status", status: 400 },
  { kind: "status", status: 403 },
  { kind: "status", status: 404 },
];
