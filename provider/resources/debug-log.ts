import * as pulumi from "@pulumi/pulumi";

/** How the wire marks a secret; see `sdk/nodejs/runtime/rpc.ts`. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const DONE = Symbol.for("registry-as-code.debug-log");

/**
 * Keeps secrets out of the SDK's debug log. Its Node runtime writes each answer of the engine to it in full, secrets in clear
 * (`RegisterResource RPC finished: …, resp: …`; seen with 3.216 and 3.270), so that a token created by one of our resources would stand in
 * the output of `pulumi up --debug` or `--logtostderr -v=3`. Lines that carry the mark of a secret lose their answer; all others stay as they are.
 */
export function guardDebugLog(log: { debug: typeof pulumi.log.debug; [DONE]?: true } = pulumi.log): void {
  if (log[DONE]) return;
  const { debug } = log;
  const guarded: typeof debug = (message, ...rest) => debug(typeof message === "string" ? withoutSecrets(message) : message, ...rest);
  try {
    Object.defineProperty(log, "debug", { value: guarded, configurable: true, enumerable: true, writable: true });
    Object.defineProperty(log, DONE, { value: true });
  } catch {
    // A sealed module cannot be guarded; the README says what debug logs hold.
  }
}

/** A line of the SDK's log without the answer in it, if that holds a secret. */
export function withoutSecrets(message: string): string {
  if (!message.includes(SECRET_MARK)) return message;
  const answer = /\b(?:resp|obj|props)[:=]/.exec(message);
  return `${answer ? message.slice(0, answer.index + answer[0].length) : ""} [not shown: it holds a secret]`.trimStart();
}
