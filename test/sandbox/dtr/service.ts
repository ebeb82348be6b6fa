import type { Route } from "./route";

/** A certificate in form only. */
const CA = "-----BEGIN CERTIFICATE-----\nMIIBsandboxsandboxsandboxsandboxsandbox\n-----END CERTIFICATE-----\n";

/** What stands beside the operations, and is in no list of them. */
export const beyondRoutes: readonly Route[] = [
  { method: "GET", path: "/health", who: "anybody", run: () => ({ status: 200, json: { error: "", healthy: true } }) },
  { method: "GET", path: "/ca", who: "anybody", run: () => ({ status: 200, headers: { "content-type": "text/plain" }, body: CA }) },
  {
    method: "GET",
    path: "/api/v0/docs.json",
    who: "anybody",
    run: ({ world }) => ({
      status: 200,
      json: { swagger: "2.0", info: { title: "Docker Trusted Registry", version: `${world.switches.version}.0` } },
    }),
  },
  {
    method: "GET",
    path: "/api/v0/admin/version",
    who: "anybody",
    run: ({ world }) => ({ status: 200, json: { version: `${world.switches.version}.0` } }),
  },
];
