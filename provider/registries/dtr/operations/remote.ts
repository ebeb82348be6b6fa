import { z } from "zod";
import { operation } from "../../operation";
import { RemoteRegistryCheck } from "../schemas/remote";
import { name } from "./given";

export const remote = {
  /** Tries a login at another registry, as mirroring does, and changes nothing. REMOTE_REGISTRY_INVALID_PERMISSIONS: it is refused there. */
  checkRegistry: operation("POST /api/v0/remote/registry", {
    body: {
      /** `https://registry.example.com`. */
      remoteHost: name,
      /** `namespace/repository`. */
      remoteRepository: name,
      /** PEM. */
      remoteCA: z.string().optional(),
      skipTLSVerification: z.boolean().optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      authToken: z.string().optional(),
    },
    answer: RemoteRegistryCheck,
    repeatable: true,
    secret: ["password", "authToken"],
    errors: [400],
  }),
};
