/** Tools that are built from Go modules. Checksums: go.sum here, the checksum database for the rest. */
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import type { Step } from "./step";

const PULUMI = "3.259.0";
const DISTRIBUTION = "v3.1.2";
const ACTIONLINT = "v1.7.12";
const REGCLIENT = "v0.11.7";
const CRANE = "v0.22.1";
/**
 * The suite as a program of its own (with config.go and run.go), which has no tag. A Go proxy that serves tagged
 * versions only does not have it, hence optional.
 */
const CONFORMANCE = "a221f940537be67ba24721f094e9504b465989d2";

/** `go install` refuses the module (it has replace directives), a tool dependency of an own module does not. */
const MODULE = path.join(__dirname, "pulumi");
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
/** Without the version stamp the engine's checks of plugins and SDKs complain. */
const FLAGS = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI}`;
const SUFFIX = process.platform === "win32" ? ".exe" : "";

export const goSteps: readonly Step[] = [
  {
    tool: "registry",
    lane: "go",
    what: `building distribution ${DISTRIBUTION} from its Go module (about a minute)`,
    byHand: `GOBIN=<folder on PATH> go install github.com/distribution/distribution/v3/cmd/registry@${DISTRIBUTION}`,
    obtain: (bin, run) => install(`github.com/distribution/distribution/v3/cmd/registry@${DISTRIBUTION}`, bin, run),
  },
  {
    tool: "actionlint",
    lane: "go",
    what: `building actionlint ${ACTIONLINT} from its Go module`,
    byHand: `GOBIN=<folder on PATH> go install github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`,
    obtain: (bin, run) => install(`github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`, bin, run),
  },
  {
    tool: "conformance",
    lane: "go",
    optional: true,
    what: "building the OCI conformance suite from its Go module",
    byHand: `GOBIN=.cache/bin go install github.com/opencontainers/distribution-spec/conformance@${CONFORMANCE}`,
    obtain: (bin, run) => install(`github.com/opencontainers/distribution-spec/conformance@${CONFORMANCE}`, bin, run),
  },
  {
    tool: "pulumi",
    lane: "go",
    what: `building the Pulumi engine ${PULUMI} from its Go module (about five minutes)`,
    byHand: "install Pulumi as its documentation says; any version from 3.190 on serves",
    obtain: async (bin, run) => {
      mkdirSync(bin, { recursive: true });
      const built = path.join(bin, `pulumi${SUFFIX}`);
      await run("go", ["build", "-mod=readonly", "-buildvcs=false", "-ldflags", FLAGS, "-o", built, PACKAGE], {
        cwd: MODULE,
        env: clean(),
      });
    },
  },
];

const PEERS = [
  ["crane", CRANE, `github.com/google/go-containerregistry/cmd/crane@${CRANE}`],
  ["regctl", REGCLIENT, `github.com/regclient/regclient/cmd/regctl@${REGCLIENT}`],
  ["regbot", REGCLIENT, `github.com/regclient/regclient/cmd/regbot@${REGCLIENT}`],
] as const;

/** What others use in place of this package: only the benchmark runs it. Half a minute, 15 s and 5 s on 2 cores, with nothing built before. */
export const goPeers: readonly Step[] = PEERS.map(([tool, version, module]) => ({
  tool,
  lane: "go",
  peer: true,
  what: `building ${tool} ${version} from its Go module`,
  byHand: `GOBIN=<folder on PATH> go install ${module}`,
  obtain: (bin, run) => install(module, bin, run),
}));

async function install(module: string, bin: string, run: Parameters<Step["obtain"]>[1]): Promise<void> {
  mkdirSync(bin, { recursive: true });
  await run("go", ["install", module], { env: { ...clean(), GOBIN: bin } });
}

/** A person's GOFLAGS could turn a pinned build into another one; the toolchain may be fetched if Go is older than the module wants. */
function clean(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: "" };
}
