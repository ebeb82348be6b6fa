import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LoginPlace } from "../../provider/tokens";
import type { Environment } from "../environment";

/** Where the Docker configuration of a step lies. The runner empties RUNNER_TEMP after each job. */
export const loginPlace = (env: Environment, nonce: string): LoginPlace => ({
  parent: path.resolve(env.RUNNER_TEMP || tmpdir()),
  nonce,
  files: { chmod, mkdir, rm, writeFile },
});
