import type { Environment } from "../environment";

/** What one types to start this program. npx, which says so in the environment, leaves none behind on the PATH. */
export const programName = (env: Environment): readonly string[] =>
  env.npm_command === "exec" ? ["npx", "registry-as-code"] : ["registry-as-code"];
