import { addAbortSignal } from "node:stream";
import { UsageError } from "./usage-error";
import type { World } from "./world";

/** Longer than any token: somebody has piped in something else. */
const most = 64 * 1024;

export interface GivenSecret {
  readonly password?: string;
  readonly token?: string;
}

/** What `--password-stdin` or `--token-stdin` asks for: all of standard input, without the end of its last line. Throws when the signal is aborted. */
export async function readSecret(
  values: { readonly passwordStdin?: unknown; readonly tokenStdin?: unknown },
  { stdin, signal }: Pick<World, "stdin" | "signal">,
): Promise<GivenSecret> {
  if (values.passwordStdin && values.tokenStdin)
    throw new UsageError(["--token-stdin stands beside --password-stdin: both read all of standard input. Give one."]);
  if (!values.passwordStdin && !values.tokenStdin) return {};
  const [option, name] = values.passwordStdin ? (["--password-stdin", "password"] as const) : (["--token-stdin", "token"] as const);
  if (stdin.isTTY) throw new UsageError([`${option} reads standard input, which is a terminal. Pipe the ${name} in: … ${option} < file`]);
  const chunks: Buffer[] = [];
  let size = 0;
  addAbortSignal(signal, stdin);
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > most) throw new UsageError([`${option}: more than ${most} bytes came in. That is no ${name}.`]);
    chunks.push(bytes);
  }
  // Ctrl-C ends whoever pipes it in as well: that nothing came is no mistake then.
  signal.throwIfAborted();
  const secret = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  if (secret === "") throw new UsageError([`${option}: nothing came in. Is the file or variable that is piped in empty?`]);
  if (/[\r\n]/.test(secret)) throw new UsageError([`${option}: several lines came in. Pipe in the ${name} alone.`]);
  return { [name]: secret };
}
