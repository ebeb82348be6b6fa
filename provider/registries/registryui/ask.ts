import { hasStatus } from "../../http";
import { type CallOptions, call, requestOf } from "../call";
import type { Operation } from "../operation";
import { coded, refusal, type Speaker } from "./errors";
import type { Outcome } from "./outcome";

/** An operation as a method: gives what was asked for, or throws what the answer's `error` says. */
export type Ask = <P, A>(operation: Operation<P, Outcome<A>>) => (parameters: P, options?: CallOptions<A>) => Promise<A>;

/** The vendor's samples of these three send GET's arguments with curl's `-d ""`, which is a POST; its tables say GET. */
const posted: readonly string[] = ["/repositories", "/tags", "/taginfo"];

/** Speaks to one server, and remembers if it wants its lists to be asked for by POST. */
export function asking(speaker: Speaker): Ask {
  const { http } = speaker;
  let byPost = false;

  const send = async (operation: Operation<never, unknown>, parameters: Readonly<Record<string, unknown>>, options: CallOptions) => {
    const post = { ...operation, method: "POST", repeatable: () => true } as const;
    const choice = operation.method === "GET" && posted.includes(operation.template);
    if (choice && byPost) return call(http, post, parameters, options);
    try {
      return await call(http, operation, parameters, options);
    } catch (error) {
      if (!choice || !(hasStatus(error, 404) || hasStatus(error, 405))) throw error;
      const answer = await call(http, post, parameters, options).catch(() => {
        throw error;
      });
      byPost = true;
      return answer;
    }
  };

  return <P, A>(operation: Operation<P, Outcome<A>>) =>
    async (parameters: P, { find, ...options }: CallOptions<A> = {}): Promise<A> => {
      const given = (parameters ?? {}) as Readonly<Record<string, unknown>>; // an operation's parameters are an object
      let doubtful = false;
      const look = async () => {
        doubtful = true;
        const value = await find?.();
        return value === undefined ? undefined : { value };
      };
      const answer = await send(operation, given, { ...options, ...(find && { find: look }) }).catch((error: unknown) => {
        throw coded(error);
      });
      const outcome = answer as Outcome<A>; // what the operation's own schema gives
      if ("value" in outcome) return outcome.value;
      const refused = refusal(speaker, requestOf(operation, given, options), outcome.error);
      // After an attempt whose answer was lost, "it exists already" may be its own late effect.
      const found = doubtful ? await find?.() : undefined;
      if (found !== undefined) return found;
      throw refused;
    };
}
