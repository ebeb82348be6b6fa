import type { Raw } from "../../resources/declaration";
import { Expression } from "../code";
import { type Lookup, property } from "../lookup";
import type { Reference, References } from "../source";

/** What others refer to a resource by. */
export function keyOf(kind: string, inputs: Raw, id: string): string | undefined {
  switch (kind) {
    case "Organization":
    case "User":
    case "ContentCache":
    case "OrganizationMember":
    case "Repository":
      return id;
    case "Team":
      return `${inputs.organization}/${inputs.name}`;
    default:
      return undefined;
  }
}

const organization: Reference = (value, _inputs, lookup) => property(lookup, "Organization", value, "name");
const user: Reference = (value, _inputs, lookup) => property(lookup, "User", value, "name");
const owner: Reference = (value, inputs, lookup) => organization(value, inputs, lookup) ?? user(value, inputs, lookup);
const teamOf =
  (input: "organization" | "namespace"): Reference =>
  (value, inputs, lookup) =>
    property(lookup, "Team", `${inputs[input]}/${value}`, "name");
const repository: Reference = (value, { namespace }, lookup) => property(lookup, "Repository", `${namespace}/${value}`, "name");

/** `namespace/repository` as a whole. */
const path: Reference = (value, inputs, lookup) => {
  if (typeof value !== "string" || value === "") return undefined;
  if (!value.includes("/")) return owner(value, inputs, lookup);
  const variable = lookup.variable("Repository", value);
  return variable && new Expression(`pulumi.interpolate\`\${${variable}.namespace}/\${${variable}.name}\``);
};

const inRepository = { namespace: owner, repository };

export const references: References = {
  OrganizationMember: { organization, user },
  Team: { organization },
  TeamMember: { organization, team: teamOf("organization"), user },
  NamespaceTeamAccess: { namespace: organization, team: teamOf("namespace") },
  Repository: { namespace: owner },
  RepositoryTeamAccess: { ...inRepository, team: teamOf("namespace") },
  PruningPolicy: inRepository,
  PollMirroringPolicy: inRepository,
  PushMirroringPolicy: inRepository,
  PromotionPolicy: { ...inRepository, targetRepository: path },
  Webhook: { key: path },
  ApiToken: { username: user },
  UserSettings: {
    username: user,
    contentCacheId: (value, _inputs, lookup) => property(lookup, "ContentCache", value, "contentCacheId"),
  },
};

/** Who leaves an organization leaves its teams: the server does that, so the membership of the team goes first. */
export function after(kind: string, inputs: Raw, lookup: Lookup): readonly Expression[] {
  if (kind !== "TeamMember") return [];
  const variable = lookup.variable("OrganizationMember", `${inputs.organization}/${inputs.user}`);
  return variable === undefined ? [] : [new Expression(variable)];
}
