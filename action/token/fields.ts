import { z } from "zod";
import { parseDuration } from "../../provider/cleanup/policy/age";
import { permissions } from "../../provider/tokens";
import { connectionFields } from "../connection-fields";
import { checked, flag, word } from "../field";
import type { InputName } from "./declaration";

/** Separated by newlines or commas. */
const list = z.string().transform((text) =>
  text
    .split(/[\r\n,]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ""),
);

/** The inputs one by one. What two of them mean together is looked at in inputs.ts. */
export const fields = z.object({
  ...connectionFields,
  type: word("dtr", "oci", "selectel"),
  registries: list.optional(),
  repositories: list.optional(),
  permission: word(...permissions),
  "expires-in": checked((text) => parseDuration(text, "")),
  "allow-wider-scope": flag,
  "allow-long-lived": flag,
  name: z.string().optional(),
  login: flag,
  "skip-token-revoke": flag,
  sweep: flag,
} satisfies Record<InputName, z.ZodType>);

export type Fields = z.infer<typeof fields>;
