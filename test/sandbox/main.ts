import { startSandbox } from ".";
import { HELP, parseCommandLine } from "./command-line";

/** `npm run sandbox`: exit code 0 after a signal, 1 when it cannot start, 2 for a wrong command line. */
async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2));
  if (command.kind === "help") {
    process.stdout.write(HELP);
    return;
  }
  if (command.kind === "error") {
    process.stderr.write(`sandbox: ${command.message} (--help shows what there is)\n`);
    process.exitCode = 2;
    return;
  }
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  const sandbox = await startSandbox(command.options);
  process.stdout.write(`${JSON.stringify(sandbox.info)}\n`);
  await stopped;
  await sandbox.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: it could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
