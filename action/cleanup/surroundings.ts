import type { Connection, OpenOptions } from "../../provider/cleanup/connection";
import type { OnProgress } from "../../provider/cleanup/run/progress";
import type { ImageRegistry } from "../../provider/registries/image-registry";
import type { Environment } from "../environment";
import type { GitHub } from "./github";
import type { OctokitOptions } from "./octokit";
import type { Results } from "./results";
import type { Workflow } from "./workflow";

/** What a run has around it. */
export interface Surroundings {
  readonly workflow: Workflow;
  readonly env: Environment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Ends the run after the request in flight. */
  readonly signal: AbortSignal;
  /** There is no time left to wait even for that. */
  readonly hurry: AbortSignal;
  readonly openRegistry: (connection: Connection, options: OpenOptions) => Promise<ImageRegistry>;
  readonly openGitHub: (options: OctokitOptions) => Promise<GitHub>;
  /** Absent in the action. */
  readonly terminal?: Terminal;
}

/** What the command line, which runs this as well, does in its own way. */
export interface Terminal {
  readonly onProgress: OnProgress;
  /** Absolute. */
  readonly reportFile?: string;
  /** Called once, at the end, whatever came of it. */
  readonly finished: (results: Results) => void;
}
