/** How the command line ends. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  stopped: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The same for people, as `--help` shows it. */
export const exitCodesText = `Exit codes:
  0    done
  1    failed; what went wrong is on stderr
  2    the command line is wrong or lacks something; nothing was sent
  3    stopped by a rule: a bound of the plan (nothing was deleted), --fail-on, or a "no" when asked
  130  interrupted (Ctrl-C), after the request in flight; a second Ctrl-C ends at once
  143  the same by SIGTERM`;
