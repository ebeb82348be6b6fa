import type { Policies, PolicyConfigSchema, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Level } from "./level";
import { notKnownMessage } from "./message";
import type { Around, Check, Rule } from "./rule";
import { type Facts, longType, Subject, shortType } from "./subject";
import { plainValue, UNKNOWN } from "./unknown-value";

/** Throws an error for people if the configuration is not one that the rule can have. */
export function policyOf(rule: Rule, level: Level, configuration: object, around: Around): Policies[number] {
  const preset = rule.complete(configuration);
  rule.compile(preset, around);
  const policy = {
    name: rule.name,
    description: rule.description,
    enforcementLevel: level,
    severity: rule.severity,
    tags: ["container-registry"],
    ...(rule.remediation === undefined ? {} : { remediationSteps: rule.remediation }),
    configSchema: schemaOf(rule, preset),
  };
  const checkFor = checks(rule, preset, around);
  if (rule.scope === "stack") {
    const validateStack = (args: StackValidationArgs, report: ReportViolation): void => {
      const check = checkFor(args);
      const subjects = args.resources.filter(({ type }) => isOf(rule, type)).map((resource) => new Subject(stackFacts(resource)));
      if (subjects.length === 0) args.notApplicable(notFor(rule));
      check(subjects);
      for (const subject of subjects) tell(subject, report, subject.urn);
    };
    return { ...policy, validateStack };
  }
  const judged = (args: ResourceValidationArgs): Subject => {
    const check = checkFor(args);
    if (!isOf(rule, args.type)) return args.notApplicable(notFor(rule));
    const subject = new Subject({ type: args.type, urn: args.urn, props: args.props, server: serverOf(args) });
    check([subject]);
    return subject;
  };
  return {
    ...policy,
    validateResource: typed(rule, (args: ResourceValidationArgs, report: ReportViolation) => tell(judged(args), report)),
    ...(rule.remediation === undefined
      ? {}
      : { remediateResource: typed(rule, (args: ResourceValidationArgs) => fix(args, judged(args))) }),
  };
}

/** The SDK passes by a policy of one type without calling it. */
const typed = <F extends object>(rule: Rule, validation: F): F => {
  const [type, ...others] = rule.types;
  return type !== undefined && others.length === 0 ? Object.assign(validation, { __pulumiType: longType(type) }) : validation;
};

const isOf = (rule: Rule, token: string): boolean => rule.types.includes(shortType(token) ?? "");
const notFor = ({ types }: Rule): string => `Policy only applies to ${types.join(", ")} of registry-as-code`;

/**
 * Compiled once for each configuration: the engine gives the same one with every call. It is asked for before anything else, so that a
 * configuration that cannot be is an error also in a stack that has nothing to check yet.
 */
function checks(rule: Rule, preset: object, around: Around): (args: { getConfig<T extends object>(): T }) => Check {
  const compiled = new Map<string, Check>();
  return (args) => {
    const configuration = { ...preset, ...args.getConfig() };
    const key = JSON.stringify(configuration);
    const check = compiled.get(key) ?? withoutStack(() => rule.compile(configuration, around));
    compiled.set(key, check);
    return check;
  };
}

/** The SDK reports an error by its stack, in which nobody would find the one sentence that says what to change. */
function withoutStack<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error) error.stack = error.message;
    throw error;
  }
}

function schemaOf(rule: Rule, preset: Readonly<Record<string, unknown>>): PolicyConfigSchema {
  // The engine fills in these defaults, so they are what the program's settings say.
  const properties = Object.entries(rule.configuration).map(([key, schema]) => [key, { ...schema, default: preset[key] }]);
  return { properties: Object.fromEntries(properties) };
}

function stackFacts({ type, urn, props, provider, propertyDependencies }: StackValidationArgs["resources"][number]): Facts {
  const origins = Object.entries(propertyDependencies).map(([key, from]) => [key, from.map((resource) => resource.urn)]);
  return { type, urn, props, server: serverOf({ type, provider }), origins: Object.fromEntries(origins) };
}

/** Two providers may be two users of one server. The address is one of the provider's inputs, unless it comes from the environment. */
function serverOf({ type, provider }: Pick<ResourceValidationArgs, "type" | "provider">): string | undefined {
  const module = shortType(type)?.split(":")[0];
  const address = provider && plainValue(provider.props, `${module}:url`);
  return typeof address === "string" && URL.canParse(address) ? new URL(address).href.replace(/\/+$/, "") : provider?.urn;
}

function tell(subject: Subject, report: ReportViolation, urn?: string): void {
  for (const { message } of subject.violations) report(message, urn);
  if (subject.unknown.length === 0) return;
  // What the SDK itself does with a violation that has a level of its own; its declaration names only the text.
  const reportWith = report as unknown as (violation: { message: string; enforcementLevel: Level; urn?: string }) => void;
  reportWith({ message: notKnownMessage(subject.unknown), enforcementLevel: "advisory", ...(urn === undefined ? {} : { urn }) });
}

/**
 * Sets in place what the violations say. A fresh object would lose `__provider`, without which the resource can never be created, and reading
 * all properties would end at the first unknown one.
 */
function fix({ props }: ResourceValidationArgs, { violations }: Subject): Record<string, unknown> | undefined {
  const changes = violations.flatMap(({ fix: change }) => Object.entries(change)).filter(([key]) => plainValue(props, key) !== UNKNOWN);
  if (changes.length === 0) return undefined;
  for (const [key, value] of changes) props[key] = value;
  return props;
}
