import { parseArgs } from "node:util";
import { PORTS, type SandboxOptions } from "./options";

export const HELP = `Starts simulators of container-registry APIs in memory, prints one line of JSON that says where they are, and serves until SIGTERM.

  npm run sandbox -- [options]

  --port-base N         fixed ports: ${Object.entries(PORTS)
    .map(([api, offset]) => `N+${offset} ${api}`)
    .join(", ")}
                        (default: any free ones)
  --host HOST           address to listen on (default: 127.0.0.1)
  --latency MS          milliseconds before every answer (default: 0)
  --oci-auth MODE       none, basic or bearer: how the "oci" registry asks for credentials (default: basic)
  --dtr-version V       2.6 or 2.7: which Docker Trusted Registry is simulated (default: 2.6)
  --help                this text

The line has the keys "control", "selectel", "registryui", "dtr" and "oci".
RegistryUI's and DTR's repositories are apart from the others: "team/app" there is "registryui/team/app" and "dtr/team/app" in the registry "oci".
The control endpoint injects faults (POST /faults), tells the requests received (GET /requests), sets the clock (PUT /clock,
POST /clock/advance) and shows what is stored (GET /state).
`;

/** What the command line asks for: help, a sandbox, or an error in one sentence. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "start"; readonly options: SandboxOptions }
  | { readonly kind: "error"; readonly message: string };

const HIGHEST_BASE = 65_535 - Math.max(...Object.values(PORTS));
const AUTH_MODES = ["none", "basic", "bearer"] as const;

export function parseCommandLine(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        "port-base": { type: "string" },
        host: { type: "string" },
        latency: { type: "string" },
        "oci-auth": { type: "string" },
        "dtr-version": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return { kind: "help" };
    const dtr = values["dtr-version"];
    if (dtr !== undefined && dtr !== "2.6" && dtr !== "2.7") throw new Error(`--dtr-version is 2.6 or 2.7, not ${dtr}`);
    const portBase = numberOf("--port-base", values["port-base"], 1, HIGHEST_BASE);
    const latency = numberOf("--latency", values.latency, 0, 600_000);
    const auth = AUTH_MODES.find((mode) => mode === values["oci-auth"]);
    if (values["oci-auth"] !== undefined && !auth) throw new Error(`--oci-auth is none, basic or bearer, not ${values["oci-auth"]}`);
    return {
      kind: "start",
      options: {
        ...(portBase !== undefined && { portBase }),
        ...(values.host !== undefined && { host: values.host }),
        ...(latency !== undefined && { latency }),
        ...(auth && { oci: { auth } }),
        ...(dtr && { dtr: { version: dtr } }),
      },
    };
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

function numberOf(flag: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new Error(`${flag} is a whole number from ${least} to ${most}, not "${text}"`);
  return value;
}
