import { z } from "zod";
import type { Severity } from "./level";
import type { Subject } from "./subject";

/** One row of the table of rules. */
export interface Rule {
  /** How it is called in reports and in `--policy-pack-config`: `tokens-expire`. */
  readonly name: string;
  /** Level where nothing else is said. */
  readonly level: "mandatory" | "advisory";
  readonly severity: Severity;
  /** What is demanded, in one sentence. It stands before every message. */
  readonly description: string;
  /** Types that the rule looks at: `dtr:Repository`. */
  readonly types: readonly string[];
  /** `stack`: it needs all resources of the stack, and is checked when all of them are known. */
  readonly scope: "resource" | "stack";
  /** What it may report, with `{placeholders}` for values of its configuration. */
  readonly messages: Readonly<Record<string, string>>;
  /** What the level `remediate` sets; undefined: nothing can safely be put right. */
  readonly remediation: string | undefined;
  /** Keys of the configuration with their JSON schema and default. */
  readonly configuration: Readonly<Record<string, object>>;
  /** All of the configuration: what is not given has its default. Throws an error for people. */
  complete(configuration: object): Readonly<Record<string, unknown>>;
  /** The rule for one complete configuration. Throws an error for people. */
  compile(configuration: object, around: Around): Check;
}

/** What a rule needs of the world. */
export interface Around {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Judges resources of the rule's types: one by one, or all of a stack at once. */
export type Check = (subjects: readonly Subject[]) => void;

/** A list of names: what is in it is no business of the rule. */
export const patterns = (description: string, preset: string[] = []) => z.array(z.string().min(1)).default(preset).describe(description);

interface Written<C extends object> extends Pick<Rule, "name" | "severity" | "description" | "types" | "messages"> {
  readonly remediation?: string;
  readonly settings: z.ZodObject & z.ZodType<C>;
}

/** A rule that judges each resource by itself. */
export function resourceRule<C extends object>(
  written: Written<C> & { readonly judge: (settings: C, around: Around) => (subject: Subject) => void },
): Rule {
  return finish(written, "resource", (settings, around) => {
    const judge = written.judge(settings, around);
    return (subjects) => subjects.forEach(judge);
  });
}

/** A rule that has to see all resources of a stack. */
export function stackRule<C extends object>(written: Written<C> & { readonly judge: (settings: C, around: Around) => Check }): Rule {
  return finish(written, "stack", written.judge);
}

function finish<C extends object>(written: Written<C>, scope: Rule["scope"], judge: (settings: C, around: Around) => Check): Rule {
  const { name, severity, description, types, messages, settings } = written;
  const complete = (configuration: object): C => {
    const parsed = settings.safeParse(configuration);
    if (parsed.success) return parsed.data;
    throw new Error(`the policy ${name} is not configured as it can be: ${z.prettifyError(parsed.error).replace(/\s+/g, " ")}`);
  };
  return {
    name,
    level: "mandatory",
    severity,
    description,
    types,
    scope,
    messages,
    remediation: written.remediation,
    configuration: propertiesOf(settings),
    complete: (configuration) => Object.fromEntries(Object.entries(complete(configuration))),
    compile: (configuration, around) => judge(complete(configuration), around),
  };
}

const propertiesOf = (settings: z.ZodType): Record<string, object> => {
  const { properties = {} } = z.toJSONSchema(settings, { io: "input" });
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, typeof schema === "object" ? schema : {}]));
};
