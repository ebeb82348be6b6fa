import { z } from "zod";
import type { Connection } from "../provider/cleanup/connection";
import type { ConnectionInput } from "./connection-inputs";
import { line, word } from "./field";

/** The inputs that say who an action talks to, one by one. What two of them mean together is looked at in connection-problems.ts. */
export const connectionFields = {
  type: word("dtr", "oci", "registryui", "selectel"),
  registry: line.optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
  "ca-file": line.optional(),
  "account-id": line.optional(),
  "project-id": line.optional(),
  "project-name": line.optional(),
  "auth-url": line.optional(),
  "api-url": line.optional(),
} satisfies Record<ConnectionInput, z.ZodType>;

type Fields = z.infer<z.ZodObject<typeof connectionFields>>;

/** The connection as the core takes it; what is missing was found by connection-problems.ts. */
export function connectionOf(fields: Fields): Connection {
  const { registry, username, password, token, "ca-file": caFile } = fields;
  if (fields.type === "oci" || fields.type === "dtr")
    return { type: fields.type, registry: registry ?? "", username, password, token, caFile };
  if (fields.type === "registryui") return { type: "registryui", registry: registry ?? "", username, token, caFile };
  return {
    type: "selectel",
    registry,
    username,
    password,
    token,
    caFile,
    accountId: fields["account-id"],
    projectId: fields["project-id"],
    projectName: fields["project-name"],
    authUrl: fields["auth-url"],
    apiUrl: fields["api-url"],
  };
}
