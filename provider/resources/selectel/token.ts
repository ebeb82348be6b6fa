import { z } from "zod";
import { isNotFound } from "../../http";
import {
  dockerConfig,
  type Token as Found,
  type SelectelClient,
  type TokenWithSecret,
  tokenUsername,
  unlessAbsent,
} from "../../registries/selectel";
import type { Attempt, CommonInputs, Context } from "../declaration";
import { Duration } from "../duration";
import { resource } from "../resource";
import { textFor } from "../text";
import { selectel } from "./module";
import { endOf, expirationOf, parseEnd, sameSet, sameTime, scopeOf, termsFailures, tokenDue } from "./token-terms";

/** What a program declares. */
export interface TokenInputs extends CommonInputs {
  /** Name in the list of tokens. Another active token of the same name is an error without `adopt`. */
  name: string;
  /** `read` pulls; `write` pulls, pushes and deletes. Default `read`. */
  mode?: "read" | "write";
  /** Ids of the registries that the token may reach. */
  registries?: string[];
  /** All registries of the project, future ones too; in place of `registries`. */
  allRegistries?: boolean;
  /** When it ends: RFC 3339, to the second, or `never`. */
  expiresAt?: string;
  /** How long it lives from its creation, or from the last rotation, for example `90d`; in place of `expiresAt`. */
  expiresIn?: string;
  /** Rotate (new secret, new life) at the first `up` in this last part of its life, for example `14d`. Needs `expiresIn`. */
  rotateBefore?: string;
  /** A change of any value gives the token a new secret. */
  rotationTriggers?: Record<string, string>;
}

/** What the service adds. */
export interface TokenOutputs {
  /** The secret: password of the user `token`. */
  token: string;
  /** `{"auths":{"host":{"auth":"…"}}}`, for a Kubernetes pull secret or `docker --config`. */
  dockerConfigJson: string;
  /** Always `token`. */
  username: string;
  /** `active`, or why it cannot be used: `expired`, `revoked`, `deleted`. */
  status: string;
  /** When it ends: RFC 3339, or `never`. */
  expiration: string;
  /** RFC 3339. */
  createdAt: string;
}

/**
 * A named, scoped token of Selectel's Container Registry (v2). Its secret is known only to the answer that creates or regenerates it, so it
 * lives in the state, encrypted. A token that was revoked, expired or deleted elsewhere is made anew at the next `up`; adopting one gives it
 * a new secret, because nobody can read the old one. Destroying revokes and deletes it.
 *
 * The id is the token's UUID.
 */
export class Token extends resource<TokenInputs, TokenOutputs, SelectelClient>({
  type: "selectel:Token",
  module: selectel,
  inputs: {
    name: z.string().min(1, "must not be empty").max(255, "must have at most 255 characters"),
    mode: z.enum(["read", "write"]).default("read"),
    registries: z.array(z.string().min(1, "must be the id of a registry")).optional(),
    allRegistries: z.boolean().optional(),
    expiresAt: textFor(parseEnd).optional(),
    expiresIn: Duration.optional(),
    rotateBefore: Duration.optional(),
    rotationTriggers: z.record(z.string(), z.string()).optional(),
  },
  outputs: {
    token: z.string(),
    dockerConfigJson: z.string(),
    username: z.string(),
    status: z.string(),
    expiration: z.string(),
    createdAt: z.string(),
  },
  secrets: ["token", "dockerConfigJson"],
  replaceOn: [],
  rules: termsFailures,
  same: {
    expiresAt: (a, b) => a !== undefined && b !== undefined && sameTime(a, b),
    registries: sameSet,
    allRegistries: (a, b) => (a ?? false) === (b ?? false),
  },
  due: (last, now) => tokenDue(last, now),
  key: ({ name }) => name,

  async find(context, { name }) {
    const found = await named(context, name);
    if (found.length > 1)
      throw new Error(
        `there are ${found.length} active tokens named ${name} (${found.map(({ id }) => id).join(", ")}): choose another name, or delete those that nobody uses`,
      );
    return found[0]?.id;
  },
  async resume(context, inputs, attempt) {
    if (attempt.id !== undefined)
      return (await unlessAbsent(context.client.v2.tokens.get({ id: attempt.id }, { signal: context.signal })))?.id;
    return (await named(context, nameOf(inputs, attempt)))[0]?.id;
  },
  async create(context, inputs, attempt) {
    const { client, signal } = context;
    const expiration = expirationOf(inputs, context.clock.now());
    // Token names are not unique, so a token whose answer was lost could be anybody's: until its id is written down it carries the attempt's nonce.
    const draft = nameOf(inputs, attempt);
    const made = await client.v2.tokens.create(
      { name: draft, scope: scopeOf(inputs), expiration },
      {
        signal,
        find: async () => {
          const [lost] = await named(context, draft);
          return lost && client.v2.tokens.regenerate({ id: lost.id, expiration }, { signal });
        },
      },
    );
    attempt.created(made.id);
    const renamed = await client.v2.tokens.update({ id: made.id, name: inputs.name }, { signal });
    return { id: made.id, outputs: outputs(client, { ...renamed, token: made.token }) };
  },
  async adopt(context, id, inputs) {
    const { client, signal } = context;
    await client.v2.tokens.update({ id, name: inputs.name, scope: scopeOf(inputs) }, { signal });
    return outputs(client, await regenerate(context, id, inputs));
  },
  async read({ client, signal }, id, last) {
    const found = await unlessAbsent(client.v2.tokens.get({ id }, { signal }));
    if (!found || found.status === "deleted") return undefined;
    return { ...declared(found, last), ...outputs(client, { ...found, token: last.token ?? "" }) };
  },
  async update(context, id, inputs, last) {
    const { client, signal, clock } = context;
    const changed = {
      ...(inputs.name !== last.name ? { name: inputs.name } : {}),
      ...(sameScope(inputs, last) ? {} : { scope: scopeOf(inputs) }),
    };
    const fresh =
      tokenDue({ ...last, rotateBefore: inputs.rotateBefore }, clock.now()) !== undefined ||
      JSON.stringify(inputs.rotationTriggers) !== JSON.stringify(last.rotationTriggers);
    let now: Found | undefined;
    if (Object.keys(changed).length > 0) now = await client.v2.tokens.update({ id, ...changed }, { signal });
    if (fresh) return outputs(client, await regenerate(context, id, inputs));
    if (!sameLife(inputs, last)) now = await client.v2.tokens.refresh({ id, expiration: expirationOf(inputs, clock.now()) }, { signal });
    return outputs(client, { ...(now ?? (await client.v2.tokens.get({ id }, { signal }))), token: last.token });
  },
  async delete({ client, signal }, id) {
    // Revoked first: should the deletion fail, the secret is worthless all the same.
    const gone = await client.v2.tokens.revoke({ id }, { signal }).then(
      () => false,
      (error: unknown) => {
        if (isNotFound(error)) return true;
        throw error;
      },
    );
    if (!gone) await unlessAbsent(client.v2.tokens.delete({ id }, { signal }));
  },
}) {}

const nameOf = ({ name }: TokenInputs, { nonce }: Attempt): string => `${name} ${nonce}`;

async function named({ client, signal }: Context<SelectelClient>, name: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const token of client.v2.tokens.list({ search: name }, { signal }))
    if (token.name === name && token.status === "active") found.push(token);
  return found;
}

const regenerate = ({ client, signal, clock }: Context<SelectelClient>, id: string, inputs: TokenInputs): Promise<TokenWithSecret> =>
  client.v2.tokens.regenerate({ id, expiration: expirationOf(inputs, clock.now()) }, { signal });

const sameScope = (a: TokenInputs, b: TokenInputs): boolean =>
  a.mode === b.mode &&
  (a.allRegistries ?? false) === (b.allRegistries ?? false) &&
  (a.allRegistries === true || sameSet(a.registries, b.registries));

const sameLife = (a: TokenInputs, b: TokenInputs): boolean =>
  a.expiresIn === b.expiresIn &&
  (a.expiresAt === undefined ? b.expiresAt === undefined : b.expiresAt !== undefined && sameTime(a.expiresAt, b.expiresAt));

/** What the program would have to say to mean the token as it is. An expiry that somebody moved is no longer the one that `expiresIn` led to. */
function declared(found: Found, last: Partial<TokenInputs & TokenOutputs>): Partial<TokenInputs> {
  const end = endOf(found);
  const life =
    last.expiresIn === undefined
      ? { expiresAt: last.expiresAt !== undefined && sameTime(last.expiresAt, end) ? last.expiresAt : end }
      : last.expiration !== undefined && !sameTime(last.expiration, end)
        ? { expiresIn: undefined, expiresAt: end }
        : { expiresIn: last.expiresIn };
  const { modeRW, allRegistries, registryIds } = found.scope;
  return {
    name: found.name ?? "",
    mode: modeRW ? "write" : "read",
    allRegistries: allRegistries ? true : last.allRegistries === false ? false : undefined,
    registries: allRegistries ? undefined : sameSet(last.registries, registryIds) ? last.registries : [...registryIds],
    ...life,
  };
}

function outputs(client: SelectelClient, found: Found & { token: string }): TokenOutputs {
  return {
    token: found.token,
    dockerConfigJson: found.token === "" ? "" : JSON.stringify(dockerConfig(client.registryHost, found.token)),
    username: tokenUsername,
    status: found.status,
    expiration: endOf(found),
    createdAt: found.createdAt ?? "",
  };
}
