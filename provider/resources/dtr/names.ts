import { z } from "zod";
import { parseRepository } from "../../registries/oci";
import { textFor } from "../text";

/** Name of a user, an organization or a team. What beyond this is allowed (lower case, fewer than 56 characters) the server judges. */
export const AccountName: z.ZodType<string> = z
  .string()
  .regex(/^[^\s/\\?#%]+$/, "must be a name without slashes and blanks")
  .refine((name) => name !== "." && name !== "..", "must be a name");

/** Name of a namespace or a repository, as it stands in image references: lower case, without slashes. */
export const ImageName: z.ZodType<string> = textFor((name) => {
  if (name.includes("/")) throw new Error("must be one name without a slash: namespace and repository are given separately");
  parseRepository(name);
});

/** What a team may do: pull; pull, push and delete tags; everything, policies and grants included. */
export const AccessLevel = z.enum(["read-only", "read-write", "admin"]);
export type AccessLevel = z.infer<typeof AccessLevel>;

/** The parts of a composite id, as many as its form has. Throws for an id of another form. */
export function idParts(type: string, id: string, form: string): readonly string[] {
  const parts = id.split("/");
  if (parts.length !== form.split("/").length || parts.includes(""))
    throw new Error(`${JSON.stringify(id)} is no id of ${type}: it must be ${form}`);
  return parts;
}
