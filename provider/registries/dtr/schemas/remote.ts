import { z } from "zod";
import { flag, text } from "./shape";

/** What a remote registry says to the credentials that were tried. */
export interface RemoteRegistryCheck {
  /** Values are not documented. */
  readonly registryType: string;
  readonly permissions: { readonly read: boolean; readonly write: boolean };
}

export const RemoteRegistryCheck: z.ZodType<RemoteRegistryCheck> = z.object({
  registryType: text,
  permissions: z
    .object({ read: flag, write: flag })
    .nullish()
    .transform((value) => value ?? { read: false, write: false }),
});
