import type { SandboxResponse } from "../contract";
import { actorOf } from "./access";
import { type Call, flag } from "./call";
import { page } from "./errors";
import type { Repository } from "./repositories-model";
import { tagsOf } from "./stored-tags";
import { pathOf } from "./world";

/**
 * Evaluates a policy that was created or changed, unless `initialEvaluation=false`, and answers then. By the switch `evaluationTimeout` the proxy
 * loses patience with a repository of many tags, after the effect.
 */
export function evaluated(call: Call, repository: Repository, evaluate: () => void, answer: () => SandboxResponse): SandboxResponse {
  if (!flag(call, "initialEvaluation", true)) return answer();
  const many = tagsOf(call.world, repository).length > call.world.switches.evaluationTimeout;
  evaluate();
  return many ? page(504, "Gateway Time-out") : answer();
}

export function policyHappened({ world, principal }: Call, repository: Repository, id: string, type: "CREATE" | "UPDATE" | "DELETE"): void {
  world.record({ actor: actorOf(principal), type, object: { id, type: "POLICY" }, repository: pathOf(repository) });
}
