import type * as Undici from "undici";

let loaded: typeof Undici | undefined;

/**
 * undici, loaded when the first request is sent: an `up` that changes nothing sends none, and a program that only declares resources never does.
 * Loading it takes a tenth of the SDK's own start (60 ms on two cores).
 */
export function undici(): typeof Undici {
  loaded ??= require("undici") as typeof Undici; // `require` is untyped
  return loaded;
}
