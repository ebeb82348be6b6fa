import { z } from "zod";
import { matches } from "../expression";
import { resourceRule } from "../rule";
import { text } from "../subject";

/** Regular expressions of RE2's syntax. Default: lower-case words, joined by one `-`, `_` or `.` each, and in paths by `/`. */
export interface NamesFollowAPattern {
  /** `name` of `selectel.Registry`. */
  registries?: string;
  /** `name` of `dtr.Repository`, `oci.Repository` and `selectel.Repository`, `repository` of `registryui.Project`. */
  repositories?: string;
  /** `name` of `dtr.Organization`. */
  organizations?: string;
  /** `name` of `dtr.Team`. */
  teams?: string;
  /** `name` of `selectel.Token`, `label` of `dtr.ApiToken`. */
  tokens?: string;
}

const NAME = "^[a-z0-9]+(?:[-_.][a-z0-9]+)*$";
const PATH = "^[a-z0-9]+(?:[-_./][a-z0-9]+)*$";

const messages = { name: "`{property}` does not match {pattern}, which the policy demands of {kind}: choose another name" };

const named: Readonly<Record<string, { readonly kind: keyof NamesFollowAPattern; readonly property: string }>> = {
  "dtr:ApiToken": { kind: "tokens", property: "label" },
  "dtr:Organization": { kind: "organizations", property: "name" },
  "dtr:Repository": { kind: "repositories", property: "name" },
  "dtr:Team": { kind: "teams", property: "name" },
  "oci:Repository": { kind: "repositories", property: "name" },
  "registryui:Project": { kind: "repositories", property: "repository" },
  "selectel:Registry": { kind: "registries", property: "name" },
  "selectel:Repository": { kind: "repositories", property: "name" },
  "selectel:Token": { kind: "tokens", property: "name" },
};

const pattern = (preset: string, what: string) => z.string().min(1).default(preset).describe(what);

export const namesFollowAPattern = resourceRule<Required<NamesFollowAPattern>>({
  name: "names-follow-a-pattern",
  severity: "low",
  description: "Names must follow the pattern of their kind.",
  types: Object.keys(named),
  messages,
  settings: z.strictObject({
    registries: pattern(NAME, "Regular expression (RE2) for `name` of `selectel.Registry`."),
    repositories: pattern(
      PATH,
      "For `name` of `dtr.Repository`, `oci.Repository` and `selectel.Repository`, and `repository` of `registryui.Project`.",
    ),
    organizations: pattern(NAME, "For `name` of `dtr.Organization`."),
    teams: pattern(NAME, "For `name` of `dtr.Team`."),
    tokens: pattern(NAME, "For `name` of `selectel.Token` and `label` of `dtr.ApiToken`."),
  }),
  judge(settings) {
    const tests = Object.fromEntries(
      Object.entries(settings).map(([kind, expression]) => [kind, matches(expression, `names-follow-a-pattern: ${kind}`)]),
    );
    return (subject) => {
      const { kind, property } = named[subject.type] ?? {};
      if (kind === undefined || property === undefined) return;
      subject.when({ [property]: text }, (values) => {
        const name = values[property];
        if (name !== undefined && !tests[kind]?.(name)) subject.violates(messages.name, { property, pattern: settings[kind], kind });
      });
    };
  },
});
