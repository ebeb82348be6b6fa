import { Call } from "./call";
import { RegistryError, revised } from "./error";
import { interruption } from "./exchange";
import { Interrupt } from "./interrupt";
import { invalidAnswer } from "./json";
import type { HttpAnswer } from "./request";
import { retryDelay } from "./retry";
import type { Runner } from "./runner";
import { sanitizedCause } from "./sanitize";

/**
 * Sends a request that must not take effect twice. Whenever the fate of an attempt is unknown, `find` looks whether it took effect:
 * what it finds is the result; if it proves that nothing happened, the request is sent again; if it fails, the fate stays unknown and that is the error.
 */
export async function once<T>(
  call: Call,
  runner: Runner,
  read: (answer: HttpAnswer) => T | Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  const { clock, policy, timeouts } = runner.options;
  const { request, context } = call;
  const deadline = clock.now() + (request.timeouts?.total ?? timeouts.total);
  let doubtful = false;
  for (let round = 1, attempts = 0; ; round++) {
    const left = Math.max(1, deadline - clock.now());
    const attempt = new Call({ ...request, repeatable: false, timeouts: { ...request.timeouts, total: left } }, context);
    attempt.attempts = attempts;
    let answer: HttpAnswer;
    try {
      answer = (await runner.run(attempt, "bytes")).answer;
    } catch (error) {
      attempts = attempt.attempts;
      // After an attempt in doubt, "it exists already" may be its late effect.
      const inDoubt = error instanceof RegistryError && (error.fate === "unknown" || (doubtful && error.fate === "answered"));
      if (!inDoubt || error.kind === "aborted") throw error;
      await pause(attempt, runner, round, left);
      const found = await look(attempt, find, error);
      if (found !== undefined) return found;
      if (error.fate !== "unknown") throw error;
      if (round >= policy.attempts || clock.now() >= deadline) {
        throw revised(error, { fate: "refused", hint: "The server shows that it did not take effect" });
      }
      doubtful = true;
      continue;
    }
    try {
      return await read(answer);
    } catch (error) {
      // It took effect, only its answer is of no use: never send it again.
      const failed =
        error instanceof RegistryError
          ? error
          : revised(invalidAnswer(answer, "it could not be used"), { cause: sanitized(attempt, error) });
      const found = await look(attempt, find, failed);
      if (found !== undefined) return found;
      throw failed;
    }
  }
}

/** Before looking: a server that lost its connection to us may still be at work. */
async function pause(call: Call, runner: Runner, round: number, left: number): Promise<void> {
  const { clock, policy, random } = runner.options;
  const delay = retryDelay(policy, round, undefined, random);
  if (delay >= left) return;
  const interrupt = new Interrupt(call.request.signal, left);
  try {
    const reason = await interrupt.sleep(clock, delay);
    if (reason !== undefined) throw call.error(interruption(reason, true));
  } finally {
    interrupt.end();
  }
}

async function look<T>(call: Call, find: () => Promise<T | undefined>, failed: RegistryError): Promise<T | undefined> {
  try {
    return await find();
  } catch (error) {
    const why = error instanceof Error ? call.redact(error.message) : "unknown reason";
    const kind = call.request.signal?.aborted ? "aborted" : failed.kind;
    const cause = error instanceof RegistryError ? error : sanitized(call, error);
    throw revised(failed, { kind, fate: "unknown", attempts: call.attempts, hint: `Looking for its effect failed too: ${why}`, cause });
  }
}

const sanitized = (call: Call, error: unknown): Error => sanitizedCause(error, call.redactor());
