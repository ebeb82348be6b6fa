import { z } from "zod";
import { ImageName } from "./names";

/** A whole repository name: `namespace/repository`. */
export const RepositoryPath: z.ZodType<string> = z.string().superRefine((path, context) => {
  const parts = path.split("/");
  if (parts.length !== 2) return context.addIssue({ code: "custom", message: "must be namespace/repository" });
  for (const part of parts) {
    const issue = ImageName.safeParse(part).error?.issues[0];
    if (issue) return context.addIssue({ code: "custom", message: issue.message });
  }
});

/** The two parts of a whole repository name. */
export function splitPath(path: string): { readonly namespace: string; readonly repository: string } {
  const [namespace = "", repository = ""] = path.split("/");
  return { namespace, repository };
}
