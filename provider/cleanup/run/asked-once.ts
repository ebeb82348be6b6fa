import { type Answers, noAnswers, type PullRequestState, type SourceControl } from "../plan/source-control";

/** What a repository's plan needs to know of source control. */
export interface Asked {
  readonly pullRequests: readonly number[];
  readonly branches: boolean;
}

/**
 * Source control with a memory that lasts for the run: many repositories have images of the same pull request. What could not be asked is
 * `unknown`, is not asked again, and is remembered as `unanswered`, which makes the run fail.
 */
export class AskedOnce {
  private readonly pullRequests = new Map<number, Promise<PullRequestState>>();
  private branches: Promise<ReadonlySet<string> | undefined> | undefined;
  private readonly unknown = new Set<number>();
  private branchesUnknown = false;

  constructor(
    private readonly source: SourceControl | undefined,
    private readonly log: (line: string) => void,
  ) {}

  async answer(asked: Asked): Promise<Answers> {
    const answers = await this.find(asked);
    for (const [number, state] of answers.pullRequests) if (state === "unknown") this.unknown.add(number);
    if (asked.branches && !answers.branches) this.branchesUnknown = true;
    return answers;
  }

  /** The same memory for what the run does not depend on: what nobody answers is not remembered as `unanswered`. */
  aside(): { answer(asked: Asked): Promise<Answers> } {
    return { answer: (asked) => this.find(asked) };
  }

  /** What nobody answered: one sentence. Undefined if everything was answered. */
  get unanswered(): string | undefined {
    const numbers = [...this.unknown].sort((a, b) => a - b);
    const parts = [
      ...(numbers.length > 0 ? [`the state of ${numbers.length === 1 ? "pull request" : "pull requests"} ${list(numbers)}`] : []),
      ...(this.branchesUnknown ? ["the branches"] : []),
    ];
    if (parts.length === 0) return undefined;
    return `Source control did not tell ${parts.join(" and ")}: the tags of these stay.`;
  }

  private async find({ pullRequests, branches }: Asked): Promise<Answers> {
    if (pullRequests.length === 0 && !branches) return noAnswers;
    this.ask(pullRequests.filter((number) => !this.pullRequests.has(number)));
    const states = new Map<number, PullRequestState>();
    for (const number of pullRequests) states.set(number, (await this.pullRequests.get(number)) ?? "unknown");
    return { pullRequests: states, branches: branches ? await this.allBranches() : undefined };
  }

  private ask(numbers: readonly number[]): void {
    if (numbers.length === 0) return;
    const asked = this.guarded(`pull requests ${list(numbers)}`, async (source) => source.pullRequests(numbers));
    for (const number of numbers) {
      this.pullRequests.set(
        number,
        asked.then((states) => states?.get(number) ?? "unknown"),
      );
    }
  }

  private allBranches(): Promise<ReadonlySet<string> | undefined> {
    this.branches ??= this.guarded("branches", async (source) => source.branches());
    return this.branches;
  }

  /** A failure is an answer that is missing: its tags stay, the rest goes on. */
  private async guarded<T>(what: string, ask: (source: SourceControl) => Promise<T>): Promise<T | undefined> {
    if (!this.source) return undefined;
    try {
      return await ask(this.source);
    } catch (error) {
      this.log(`Source control could not be asked about ${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}

const shown = 20;
const list = (numbers: readonly number[]) =>
  numbers.length <= shown ? numbers.join(", ") : `${numbers.slice(0, shown).join(", ")} and ${numbers.length - shown} more`;
