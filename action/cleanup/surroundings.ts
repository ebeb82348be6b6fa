import type { Connection, OpenOptions } from "../../provider/cleanup/connection";
import type { ImageRegistry } from "../../provider/registries/image-registry";
import type { Environment } from "../environment";
import type { GitHub } from "./github";
import type { OctokitOptions } from "./octokit";
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
}
