import type { DtrClient } from "./client";
import { connectOperations, type DtrOptions } from "./connect-operations";
import { operations } from "./operations";

/**
 * A client of a Docker Trusted Registry or Mirantis Secure Registry. Nothing is sent before the first call. Credentials go by Basic authentication,
 * never in a URL. Throws TypeError for an address that is none, and for credentials that are not complete.
 */
export const connectDtr = (options: DtrOptions): DtrClient => connectOperations(operations, options);
