import { type ImageRegistry, RepositoryUnknown } from "../../registries/image-registry";
import { differenceOf, type Fates, incomparable, isTold, type RepositoryDifference } from "../plan/difference";
import type { RepositoryPlan } from "../plan/plan";
import { compilePolicy } from "../policy/compile";
import type { Policy } from "../policy/policy";
import type { AskedOnce } from "./asked-once";
import { problemOf } from "./problem";
import { Reading, type Rules } from "./reading";
import { type SelectedRepository, selectRepositories } from "./repositories";
import type { Shard } from "./shard";

/** Holds each plan of a run against what a second policy would do. */
export interface CompareOptions {
  /** What plans are compared with. Bounds are not looked at. */
  readonly policy: Policy;
  /** Told of each repository in which one policy deletes what the other keeps, and of those that could not be compared; in the order of their names. */
  readonly onDifference: (difference: RepositoryDifference) => void;
  /** Items that are named on each side of a repository's difference. Default 500. */
  readonly most?: number;
}

interface Around {
  readonly registry: ImageRegistry;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly source: AskedOnce;
  readonly shard?: Shard | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/** Throws PolicyError. */
export const open = (options: CompareOptions, around: Around): Comparison => new Comparison(options, around);

/**
 * A second policy, planned on the inventories of the first: only what it needs beyond that is asked of the registry. Whatever goes wrong with
 * it is a difference with a problem, and no failure of the plan's.
 */
export class Comparison {
  readonly #around: Around;
  readonly #rules: Rules;
  readonly #source: ReturnType<AskedOnce["aside"]>;
  readonly #most: number;
  /** What the second policy is about; undefined: it is taken to be about what the first one is about. */
  #about: ReadonlySet<string> | undefined;

  constructor({ policy, most = 500 }: CompareOptions, around: Around) {
    this.#around = around;
    this.#rules = { policy: compilePolicy(policy), now: around.now };
    this.#source = around.source.aside();
    this.#most = most;
  }

  /** The repositories that only the second policy is about. `catalog`: gives the registry's list. */
  async others(
    repositories: readonly SelectedRepository[],
    catalog: Pick<ImageRegistry, "name" | "repositories">,
  ): Promise<SelectedRepository[]> {
    const { signal, shard, log } = this.#around;
    const { policy } = this.#rules.policy;
    try {
      const selected = await selectRepositories(catalog, policy.repositories, { ...(shard && { shard }), ...(signal && { signal }) });
      this.#about = new Set(selected.repositories.map(({ name }) => name));
      const planned = new Set(repositories.map(({ name }) => name));
      return selected.repositories.filter(({ name }) => !planned.has(name));
    } catch (error) {
      if (signal?.aborted) throw error;
      log(
        `The repositories of the policy to compare with could not be listed, so only those of the plan are compared: ${problemOf(error)}`,
      );
      return [];
    }
  }

  /** Undefined: there is nothing to tell. `reading`: what the plan was made of. Throws only when the signal has ended the run. */
  async ofPlanned(reading: Reading, plan: RepositoryPlan): Promise<RepositoryDifference | undefined> {
    const { repository } = plan;
    if (this.#about?.has(repository) === false) return told(this.#difference(repository, plan, undefined));
    return this.#guarded(repository, async () => {
      const other = await this.#plan(reading);
      // Nobody knows what would go; that neither deletes anything would sound as if somebody did.
      if (plan.problem !== undefined && other.problem !== undefined) return incomparable(repository, plan.problem);
      return this.#difference(repository, plan, other);
    });
  }

  /** The same for a repository that only the second policy is about. */
  async ofOther({ name }: SelectedRepository, signal: AbortSignal): Promise<RepositoryDifference | undefined> {
    return this.#guarded(name, async () => {
      const other = await this.#plan(await Reading.begin(this.#around.registry, name, signal));
      return other.problem === undefined ? this.#difference(name, undefined, other) : incomparable(name, other.problem);
    });
  }

  /** The same for a repository that could not be read. */
  unread(repository: string, problem: string): RepositoryDifference {
    return incomparable(repository, problem);
  }

  async #plan(reading: Reading): Promise<RepositoryPlan> {
    return reading.plan(this.#rules, await reading.answers(this.#rules, this.#source));
  }

  #difference(repository: string, plan: Fates | undefined, other: Fates | undefined): RepositoryDifference {
    return differenceOf(repository, { plan, other }, this.#most);
  }

  async #guarded(repository: string, work: () => Promise<RepositoryDifference>): Promise<RepositoryDifference | undefined> {
    try {
      return told(await work());
    } catch (error) {
      if (this.#around.signal?.aborted) throw error;
      // Gone, or never there: neither policy deletes anything in it.
      if (error instanceof RepositoryUnknown) return undefined;
      return incomparable(repository, problemOf(error));
    }
  }
}

const told = (difference: RepositoryDifference): RepositoryDifference | undefined => (isTold(difference) ? difference : undefined);
