import { workflowContext } from "./event";
import type { OpenGitHub } from "./github";
import type { Surroundings } from "./surroundings";

/** GitHub's API for a job, opened when it is asked for the first time; undefined without a token. */
export function githubOf({ githubToken: token }: { readonly githubToken?: string }, around: Surroundings): OpenGitHub | undefined {
  if (!token) return undefined;
  const { env, signal, sleep, openGitHub } = around;
  const { apiUrl } = workflowContext(env);
  let opened: ReturnType<OpenGitHub> | undefined;
  return () => {
    opened ??= openGitHub({ token, apiUrl, signal, sleep });
    return opened;
  };
}
