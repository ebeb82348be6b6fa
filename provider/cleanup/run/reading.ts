import type { DeletionSupport, ImageRegistry, Inventory } from "../../registries/image-registry";
import { takeOver } from "../plan/facts";
import type { RepositoryPlan } from "../plan/plan";
import { planRepository } from "../plan/plan-repository";
import { questions } from "../plan/questions";
import type { Answers } from "../plan/source-control";
import type { CompiledPolicy } from "../policy/compile";
import type { Asked } from "./asked-once";
import { isAnswered, type Known, openQuestions } from "./open-questions";

/** What a repository is planned under. */
export interface Rules {
  readonly policy: CompiledPolicy;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * One repository, read as far as the policies that it was planned under needed it. What was asked for once is not asked for again, whichever
 * policy needs it.
 */
export class Reading {
  readonly #registry: ImageRegistry;
  readonly #signal: AbortSignal | undefined;
  // One variable for all stages of it: of a large repository, an earlier one would be a hundred megabytes.
  #inventory: Inventory;
  readonly #known: Known = { dated: new Set(), named: new Set(), referrers: false };
  #deletion: DeletionSupport | undefined;

  private constructor(registry: ImageRegistry, inventory: Inventory, signal: AbortSignal | undefined) {
    this.#registry = registry;
    this.#inventory = inventory;
    this.#signal = signal;
  }

  /** Throws what the registry throws. */
  static async begin(registry: ImageRegistry, repository: string, signal: AbortSignal | undefined): Promise<Reading> {
    return new Reading(registry, await registry.inventory(repository, signal), signal);
  }

  /** Tags that were read. */
  get tags(): number {
    return this.#inventory.tags.size;
  }

  /** Finds out what a plan under these rules depends on. Gives what source control said. Throws what the registry throws. */
  async answers({ policy, now }: Rules, source: { answer(asked: Asked): Promise<Answers> }): Promise<Answers> {
    let asked = questions(this.#inventory, policy, now);
    const answers = await source.answer(asked);
    // What detail brings to light may raise questions of its own; nothing is asked twice, so this ends.
    for (let ask = openQuestions(asked, this.#known); ask; ask = openQuestions(asked, this.#known)) {
      const detailed = await this.#registry.detail(this.#inventory, ask, this.#signal);
      takeOver(this.#inventory, detailed, policy, now);
      this.#inventory = detailed;
      for (const digest of ask.created) this.#known.dated.add(digest);
      for (const digest of ask.digests ?? []) this.#known.named.add(digest);
      this.#known.referrers ||= ask.referrers;
      if (isAnswered(this.#inventory, policy, this.#known)) break;
      asked = questions(this.#inventory, policy, now);
    }
    return answers;
  }

  /** The plan under rules whose questions were answered. Throws what the registry throws. */
  async plan({ policy, now }: Rules, answers: Answers): Promise<RepositoryPlan> {
    const inventory = this.#inventory;
    const plan = planRepository({ inventory, policy, now, answers });
    if (plan.deletions.length === 0) return plan;
    // Asked only where something is to go: it takes experiments, and rights that a reader need not have.
    this.#deletion ??= await this.#registry.deletion(inventory.repository, this.#signal);
    const deletion = this.#deletion;
    const all = deletion.manifest === "supported" && deletion.tag === "supported";
    return all ? plan : planRepository({ inventory, policy, now, answers, deletion });
  }
}
