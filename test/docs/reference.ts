import { functionsOf } from "./functions";
import { readSources } from "./program";
import { render } from "./render";
import { commonInputs, frameTimeouts, resourcesOf } from "./resources";
import { settingsOf } from "./settings";

const titles = {
  dtr: "Docker Trusted Registry 2.6 and 2.7, and Mirantis Secure Registry 2.x. [Operation by operation](dtr-operations.md).",
  oci: "Docker Registry HTTP API V2 and OCI distribution 1.1: your own registry or a hosted one.",
  registryui: "RegistryUI's Extended API, and the registry on the same origin.",
  selectel: "Selectel's Container Registry: its API v1 and v2.",
} as const;

/** provider/README.md as it should be. */
export function reference(): string {
  const sources = readSources();
  return render({
    common: commonInputs(sources),
    timeouts: frameTimeouts(sources),
    modules: Object.entries(titles).map(([name, title]) => ({
      name,
      title,
      resources: resourcesOf(name, sources),
      functions: functionsOf(name, sources),
      settings: settingsOf(name, sources),
    })),
  });
}
