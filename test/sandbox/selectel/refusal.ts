import type { SandboxResponse } from "../contract";
import type { World } from "./world";

/** Thrown by an operation to answer with an error. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The answer for an error of the management API, in the form that the switch `errorBody` chooses. */
export function errorResponse(world: World, status: number, message: string): SandboxResponse {
  switch (world.switches.errorBody) {
    case "string":
      return { status, json: { error: message } };
    case "nested":
      return { status, json: { error: { id: world.randomUuid(), message } } };
    case "message":
      return { status, json: { message } };
    case "html":
      return {
        status,
        headers: { "content-type": "text/html" },
        body: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>nginx</center></body></html>`,
      };
    case "empty":
      return { status };
  }
}
