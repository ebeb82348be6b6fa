/** Runs a policy as a plain function, as the SDK would call it. */
import type { Policies, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { type PolicySettings, registryPolicies, rules } from "../../provider/policies";
import { table } from "../../provider/policies/table";
import { type Case, NOW, type One } from "./cases";

export const around = { now: () => NOW };

export interface Told {
  readonly message: string;
  readonly urn: string | undefined;
  /** Where it is not the policy's own. */
  readonly level: string | undefined;
}

export const ruleOf = (key: keyof PolicySettings) => table[key];
export const tokenOf = (type: string): string => (type.includes("::") || type.includes("/") ? type : `pulumi-nodejs:dynamic/${type}`);
export const urnOf = ({ type }: One, index: number, stack = "dev"): string => `urn:pulumi:${stack}::project::${tokenOf(type)}::r${index}`;
const providerOf = ({ provider }: One): string => provider ?? "urn:pulumi:dev::project::pulumi:providers:pulumi-nodejs::default";

export const providerProps = ({ type, url }: One): Record<string, string> =>
  url === undefined ? {} : { [`${type.split(":")[0]}:url`]: url };

/** The policy of one rule, with what the settings of a program say. */
export function policyOf(key: keyof PolicySettings, configuration: object = {}): Policies[number] {
  const found = registryPolicies({ [key]: configuration }, around).find(({ name }) => name === table[key].name);
  if (!found) throw new Error(`no policy for ${key}`);
  return found;
}

class NotApplicable extends Error {}

/** What a policy tells of a case's resources; "not applicable" where it has nothing to do with any of them. */
export function told(
  policy: Policies[number],
  { resources, stack }: Pick<Case, "resources" | "stack">,
  configuration: object = {},
): Told[] {
  const found: Told[] = [];
  const report = (said: string | { message: string; enforcementLevel?: string; urn?: string }, urn?: string) =>
    found.push(
      typeof said === "string"
        ? { message: said, urn, level: undefined }
        : { message: said.message, urn: said.urn ?? urn, level: said.enforcementLevel },
    );
  const options = { protect: false, ignoreChanges: [], aliases: [], customTimeouts: zero, additionalSecretOutputs: [] };
  const shared = {
    opts: options,
    stackTags: new Map<string, string>(),
    isType: () => false,
    asType: () => undefined,
    // The declaration lets the caller choose the type of what is JSON.
    getConfig: <T extends object>() => configuration as T,
    notApplicable: (reason?: string) => {
      throw new NotApplicable(reason);
    },
  };
  const each = resources.map((one, index) => ({
    ...shared,
    type: tokenOf(one.type),
    urn: urnOf(one, index, stack),
    name: `r${index}`,
    props: structuredClone(one.props),
    provider: { type: "pulumi:providers:pulumi-nodejs", urn: providerOf(one), name: "p", props: providerProps(one) },
  }));
  const attempt = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
    }
  };
  if ("validateStack" in policy) {
    const linked: StackValidationArgs["resources"] = each.map((args) => ({ ...args, dependencies: [], propertyDependencies: {} }));
    for (const [index, { from = {} }] of resources.entries()) {
      const resource = linked[index];
      if (!resource) continue;
      for (const [key, origins] of Object.entries(from))
        resource.propertyDependencies[key] = origins.flatMap((origin) => linked[origin] ?? []);
    }
    attempt(() => policy.validateStack({ ...shared, resources: linked }, report as ReportViolation));
    return found;
  }
  const validate = policy.validateResource;
  if (typeof validate !== "function") throw new Error(`${policy.name} has no function`);
  for (const args of each) attempt(() => validate(args as ResourceValidationArgs, (said: string) => void report(said, args.urn)));
  return found;
}

/** What a case should tell. */
export function expected({ rule, resources, stack, says = [], unknown = [] }: Case): { urn: string; message: string; level?: string }[] {
  const at = (index: number): string => {
    const one = resources[index];
    if (!one) throw new Error(`the case has no resource ${index}`);
    return urnOf(one, index, stack);
  };
  const keys = new Map<number, string[]>();
  for (const [index, key] of unknown) keys.set(index, [...(keys.get(index) ?? []), key]);
  return [
    ...says.map(([index, message]) => ({ urn: at(index), message: ruleOf(rule).messages[message] ?? `no message ${message}` })),
    ...[...keys].map(([index, names]) => ({
      urn: at(index),
      message: `not known before up: ${names.map((name) => `\`${name}\``).join(", ")}. The rule is checked again when it is known.`,
      level: "advisory",
    })),
  ];
}

/** A message as it stands in the table: what its placeholders were filled with is taken out again. */
export function template(rule: keyof PolicySettings, message: string): string {
  for (const written of Object.values(ruleOf(rule).messages)) {
    const form = written
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^ ]+");
    if (new RegExp(`^${form}$`).test(message)) return written;
  }
  return message;
}

export const allRules = rules;
const zero = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };
