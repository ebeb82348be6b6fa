/** How every Pulumi plugin says that it serves: its port is the first line of stdout. */
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { ProviderError } from "./provider-error";
import { grpc } from "./sdk";

/** Everything after the first line, and all of stderr, is output. Rejects when the process ends before it serves. */
export function listenPort(
  child: ChildProcessByStdio<null, Readable, Readable>,
  onOutput: (stream: "stdout" | "stderr", text: string) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let head: string | undefined = "";
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (head !== undefined) errors += text;
      onOutput("stderr", text);
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (head === undefined) return onOutput("stdout", text);
      head += text;
      const end = head.indexOf("\n");
      if (end < 0) return;
      resolve(Number(head.slice(0, end)));
      if (head.length > end + 1) onOutput("stdout", head.slice(end + 1));
      head = undefined;
    });
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new ProviderError(`the dynamic provider ended with ${code ?? signal} before it served: ${errors}`, grpc.status.UNAVAILABLE)),
    );
  });
}
