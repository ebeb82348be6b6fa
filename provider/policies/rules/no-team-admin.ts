import { z } from "zod";
import { unlessListed } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { text } from "../subject";

export interface NoTeamAdmin {
  /** Teams that may have it, as globs over `namespace/team`. Default: none. */
  allow?: string[];
}

const messages = {
  admin:
    'the team has admin access to all repositories of the namespace: set `accessLevel` to "read-write", grant it for single repositories with `dtr.RepositoryTeamAccess`, or add the team to the policy\'s `allow`',
};

export const noTeamAdmin = resourceRule<Required<NoTeamAdmin>>({
  name: "no-team-admin-on-namespaces",
  severity: "high",
  description: "No team may have admin access to a whole namespace.",
  types: ["dtr:NamespaceTeamAccess"],
  messages,
  settings: z.strictObject({ allow: patterns("Teams that may have it, as globs over `namespace/team`.") }),
  judge({ allow }) {
    const unlessAllowed = unlessListed(allow, "no-team-admin-on-namespaces: allow");
    return (subject) =>
      subject.when({ accessLevel: text }, ({ accessLevel }) => {
        if (accessLevel === "admin") unlessAllowed(subject, ["namespace", "team"], () => subject.violates(messages.admin));
      });
  },
});
