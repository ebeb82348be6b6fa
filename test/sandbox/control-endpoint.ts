import { z } from "zod";
import type { Handler, SandboxRequest, SandboxResponse } from "./contract";
import type { Control } from "./control";
import { injectionSchema } from "./faults";

const clockSchema = z.strictObject({ now: z.iso.datetime({ offset: true }) });
const advanceSchema = z.strictObject({ ms: z.number() });

/**
 * The control endpoint, JSON over HTTP:
 *
 * | request | what it does |
 * |---|---|
 * | `POST /faults` | injects a fault (see `injectionSchema`) |
 * | `GET /faults`, `DELETE /faults` | those that still wait; drops them |
 * | `GET /requests?api=&method=&path=&status=` | the log; `path` is a regular expression |
 * | `DELETE /requests` | empties the log |
 * | `GET /clock`, `PUT /clock` | `{ "now": RFC 3339 }` |
 * | `POST /clock/advance` | `{ "ms": 60000 }` |
 * | `GET /state` | repositories with their tags and counts |
 */
export function createControlEndpoint(control: Control): Handler {
  const routes: Readonly<Record<string, (request: SandboxRequest) => SandboxResponse>> = {
    "POST /faults": (request) => ({ status: 201, json: control.inject(injectionSchema.parse(jsonOf(request))) }),
    "GET /faults": () => ({ status: 200, json: { faults: control.faults() } }),
    "DELETE /faults": () => {
      control.clearFaults();
      return { status: 204 };
    },
    "GET /requests": ({ query }) => {
      const status = query.get("status");
      const requests = control.requests({
        ...(query.has("api") && { api: query.get("api") ?? "" }),
        ...(query.has("method") && { method: query.get("method") ?? "" }),
        ...(query.has("path") && { path: query.get("path") ?? "" }),
        ...(status !== null && { status: Number(status) }),
      });
      return { status: 200, json: { requests } };
    },
    "DELETE /requests": () => {
      control.clearRequests();
      return { status: 204 };
    },
    "GET /clock": () => now(control),
    "PUT /clock": (request) => {
      control.clock.set(new Date(clockSchema.parse(jsonOf(request)).now));
      return now(control);
    },
    "POST /clock/advance": (request) => {
      control.clock.advance(advanceSchema.parse(jsonOf(request)).ms);
      return now(control);
    },
    "GET /state": () => ({ status: 200, json: control.state() }),
  };
  return (request) => {
    const route = routes[`${request.method} ${request.rawPath}`];
    if (!route)
      return { status: 404, json: { error: `no such endpoint: ${request.method} ${request.rawPath}`, endpoints: Object.keys(routes) } };
    try {
      return route(request);
    } catch (error) {
      return { status: 400, json: { error: error instanceof z.ZodError ? z.prettifyError(error) : String(error) } };
    }
  };
}

function now(control: Control): SandboxResponse {
  return { status: 200, json: { now: control.clock.now().toISOString() } };
}

function jsonOf(request: SandboxRequest): unknown {
  const value: unknown = JSON.parse(request.body.toString("utf8"));
  return value;
}
