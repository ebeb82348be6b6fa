import type { OciClient } from "../../registries/oci";

/** Host and port as image references name a registry: `registry.example.com:5000`. */
export const registryHost = (client: OciClient): string => new URL(client.url).host;
