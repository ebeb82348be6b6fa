import { hasStatus, revised } from "../../http";
import { type DtrClient, isGone } from "../../registries/dtr";
import type { Context, Declaration } from "../declaration";
import { idParts } from "./names";
import {
  type At,
  credentialNames,
  differing,
  type Place,
  type PolicyInputs,
  type PolicyKind,
  type PolicyOutputs,
  sendable,
} from "./policy-kind";
import { ruleWarnings } from "./policy-rules";
import { unlessHidden } from "./unless-hidden";
import { withoutSecrets } from "./without-secrets";

type Life<I extends PolicyInputs> = Required<
  Pick<Declaration<I, PolicyOutputs, DtrClient>, "key" | "find" | "resume" | "create" | "adopt" | "read" | "update" | "delete">
>;

/**
 * How policies live. They have no names, so a policy is known by its id, and before it has one by all that is declared of it: after a lost answer the policy that is
 * equal and was not there before is the one that was made.
 */
export function policyLife<I extends PolicyInputs, F extends { readonly id: string }>(kind: PolicyKind<I, F>): Life<I> {
  const equals = (policy: F, inputs: Readonly<Partial<I>>) => {
    const shown = kind.shown(policy);
    return differing(kind.same, shown, inputs).every((name) => !(name in shown));
  };
  const twins = async ({ client, signal }: Context<DtrClient>, inputs: I) =>
    (await kind.list(client, placeOf(inputs), { signal })).filter((policy) => equals(policy, inputs));
  /** Makes `names` of a policy as declared. */
  async function change(context: Context<DtrClient>, at: At, inputs: I, names: readonly (keyof I & string)[]): Promise<PolicyOutputs> {
    const { client, signal, log } = context;
    const changed = sendable(inputs, names);
    if (Object.keys(changed).length === 0) return { policyId: at.id };
    const byRules = changed.rules !== undefined;
    if (byRules) warn(kind.type, context, inputs);
    const evaluate = byRules && inputs.initialEvaluation === true;
    // Credentials cannot be looked at, and sending them once more does no harm. An evaluation would begin once more.
    const find = async () => {
      const found = await kind.get(client, at, { signal });
      if (!equals(found, changed)) return undefined;
      if (evaluate) log(unseen(kind.type, inputs));
      return found;
    };
    const options = { signal, ...(evaluate && { find }) };
    try {
      await sent(inputs, evaluate, () => kind.update(client, at, changed, evaluate, options));
    } catch (error) {
      // Of a promotion policy it may be the target that is not there.
      if (isGone(error) && error.code !== "NO_SUCH_REPOSITORY")
        throw new Error(`${error.message}. Run \`pulumi refresh\`, and the next \`pulumi up\` makes the policy anew`);
      throw error;
    }
    return { policyId: at.id };
  }

  return {
    key: ({ namespace, repository }) => `${namespace}/${repository}`,

    async find(context, inputs) {
      const [twin, ...others] = await twins(context, inputs);
      if (twin && others.length > 0 && inputs.adopt) {
        throw new Error(
          `${inputs.namespace}/${inputs.repository} has several policies like this one (${idsOf([twin, ...others])}): delete all but one, or import the one that is meant`,
        );
      }
      return twin && idOf(inputs, twin);
    },
    async resume(context, inputs, attempt) {
      if (attempt.id !== undefined) return (await existing(kind, context, attempt.id)) && attempt.id;
      const [twin, ...others] = await twins(context, inputs); // there was none when the attempt began
      if (twin && others.length > 0) {
        throw new Error(
          `nobody knows which of the equal policies ${idsOf([twin, ...others])} of ${inputs.namespace}/${inputs.repository} an interrupted run made: delete all but one`,
        );
      }
      return twin && idOf(inputs, twin);
    },
    async create(context, inputs) {
      const { client, signal, log } = context;
      warn(kind.type, context, inputs);
      const before = new Set((await kind.list(client, placeOf(inputs), { signal })).map(({ id }) => id));
      const evaluate = inputs.initialEvaluation ?? false;
      const find = async () => {
        const made = (await twins(context, inputs)).filter(({ id }) => !before.has(id));
        if (made.length > 1) throw new Error(`several policies like this one were made in the same moment (${idsOf(made)})`);
        if (made[0] && evaluate) log(unseen(kind.type, inputs));
        return made[0];
      };
      const made = await sent(inputs, evaluate, () => kind.create(client, inputs, evaluate, { signal, find }));
      return { id: idOf(inputs, made), outputs: { policyId: made.id } };
    },
    async adopt(context, id, inputs) {
      const at = atOf(kind.type, id);
      const found = await kind.get(context.client, at, { signal: context.signal });
      // Nobody can see whether its credentials are the declared ones: they are sent.
      return change(context, at, inputs, [...new Set([...differing(kind.same, kind.shown(found), inputs), ...credentialNames])]);
    },
    async read(context, id, last) {
      const at = atOf(kind.type, id);
      const found = await existing(kind, context, id);
      if (!found) return undefined;
      const known: Readonly<Record<string, unknown>> = { ...last };
      // What the program left out is not managed. `.get` and imports know no program, so they get all that is not empty.
      const managed = ([name, value]: [string, unknown]) => (last.policyId === undefined ? value !== "" : known[name] !== undefined);
      return {
        ...Object.fromEntries(Object.entries(kind.shown(found)).filter(managed)),
        ...placeOf(at),
        initialEvaluation: last.initialEvaluation ?? false,
        policyId: at.id,
      } as Partial<I & PolicyOutputs>; // entries of `shown`, and what every I has
    },
    async update(context, id, inputs, last) {
      return change(context, atOf(kind.type, id), inputs, differing(kind.same, last, inputs));
    },
    async delete(context, id) {
      const at = atOf(kind.type, id);
      await unlessHidden(context, at, kind.delete(context.client, at, { signal: context.signal }));
    },
  };
}

const existing = <I extends PolicyInputs, F extends { readonly id: string }>(
  kind: PolicyKind<I, F>,
  context: Context<DtrClient>,
  id: string,
): Promise<F | undefined> => {
  const at = atOf(kind.type, id);
  return unlessHidden(context, at, kind.get(context.client, at, { signal: context.signal }));
};

const placeOf = ({ namespace, repository }: Place): Place => ({ namespace, repository });
const idOf = ({ namespace, repository }: Place, { id }: { readonly id: string }): string => `${namespace}/${repository}/${id}`;
const idsOf = (policies: readonly { readonly id: string }[]): string => policies.map(({ id }) => id).join(", ");

function atOf(type: string, id: string): At {
  const [namespace = "", repository = "", policyId = ""] = idParts(type, id, "namespace/repository/policyId");
  return { namespace, repository, id: policyId };
}

const credentialsOf = (inputs: PolicyInputs): string[] => credentialNames.flatMap((name) => inputs[name] ?? []);

function warn(type: string, { log }: Context<DtrClient>, { namespace, repository, rules = [] }: PolicyInputs): void {
  for (const warning of ruleWarnings(rules)) log(`warning: ${type} ${namespace}/${repository}: ${warning}`);
}

/** Runs a call whose body holds credentials, and explains the error of an evaluation for which nobody waits. */
async function sent<T>(inputs: PolicyInputs, evaluate: boolean, run: () => Promise<T>): Promise<T> {
  try {
    return await withoutSecrets(credentialsOf(inputs), run);
  } catch (error) {
    if (!evaluate || !hasStatus(error, 504)) throw error;
    const way =
      "The evaluation of a big repository takes longer than a proxy waits. Leave initialEvaluation out: the server evaluates later by itself";
    throw revised(error, { hint: error.hint === undefined || error.hint.includes("initialEvaluation") ? way : `${error.hint}. ${way}` });
  }
}

const unseen = (type: string, { namespace, repository }: Place): string =>
  `${type} ${namespace}/${repository}: the policy is saved, but the end of its evaluation was not seen (big repositories take longer than proxies wait): it may go on for a while`;
