import { createHash } from "node:crypto";
import { z } from "zod";
import { isNotFound, RegistryError } from "../../http";
import { dockerConfig, type SelectelClient, tokenUsername, unlessAbsent } from "../../registries/selectel";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { selectel } from "./module";

/** What a program declares. */
export interface BasicTokenInputs extends CommonInputs {
  /** Life of the token: `12h` or `1y`; the API knows no other. Default `12h`. A change replaces the token. */
  ttl?: "12h" | "1y";
}

/** What the service adds. */
export interface BasicTokenOutputs {
  /** The secret: password of the user `token`. */
  token: string;
  /** `{"auths":{"host":{"auth":"…"}}}`. */
  dockerConfigJson: string;
  /** Always `token`. */
  username: string;
  /** When it ends: RFC 3339. */
  expiration: string;
}

/**
 * A simple token of Selectel's Container Registry (v1): full access to all registries of the project, for 12 hours or a year. Prefer `Token`, which
 * can be scoped. The API cannot list simple tokens: one whose answer is lost lives on until it expires, and an existing one cannot be adopted.
 *
 * The id is a hash of the secret: the API itself knows the token by nothing but the secret. `.get` therefore needs `{ token }`.
 */
export class BasicToken extends resource<BasicTokenInputs, BasicTokenOutputs, SelectelClient>({
  type: "selectel:BasicToken",
  module: selectel,
  inputs: { ttl: z.enum(["12h", "1y"]).default("12h") },
  outputs: { token: z.string(), dockerConfigJson: z.string(), username: z.string(), expiration: z.string() },
  secrets: ["token", "dockerConfigJson"],
  notAdoptable: "cannot be used here: the API does not list simple tokens, so there is nothing to find",
  replaceOn: ["ttl"],
  key: ({ ttl }) => ttl ?? "12h",
  due: ({ expiration }, now) => (Date.parse(expiration) <= now ? "the token has expired" : undefined),

  // What an interrupted run made cannot be found: the API lists no simple tokens, and the secret was in the lost answer.
  resume: async () => undefined,
  async create({ client, signal }, { ttl }) {
    const made = await client.v1.tokens.create({ ttl: ttl ?? "12h" }, { signal }).catch((error: unknown) => {
      if (error instanceof RegistryError && error.fate === "unknown") {
        throw new Error(
          `${error.message} If the service made a token all the same, it stays valid until it expires (${ttl}): the API cannot list simple tokens`,
        );
      }
      throw error;
    });
    return { id: idOf(made.token), outputs: outputs(client, made.token, made.expireAt) };
  },
  async read({ client, signal }, _id, last) {
    if (last.token === undefined) throw new Error("a simple token can be read only by its secret: pass { token } as the state of .get");
    const found = await unlessAbsent(client.v1.tokens.get({ token: last.token }, { signal }));
    return found && { ttl: last.ttl ?? "12h", ...outputs(client, last.token, found.expireAt) };
  },
  /** Called when the token has expired: the API lets a simple token live on with the same secret, and where it does not, a new one is made. */
  async update({ client, signal }, _id, inputs, last) {
    const refreshed = await client.v1.tokens.refresh({ token: last.token }, { signal }).catch((error: unknown) => {
      if (isNotFound(error) || (error instanceof RegistryError && error.status === 400)) return undefined;
      throw error;
    });
    if (refreshed) return outputs(client, refreshed.token, refreshed.expireAt);
    const made = await client.v1.tokens.create({ ttl: inputs.ttl ?? "12h" }, { signal });
    return outputs(client, made.token, made.expireAt);
  },
  async delete({ client, signal }, _id, { token }) {
    await client.v1.tokens.revoke({ token }, { signal }).catch((error: unknown) => {
      // "Invalid or malformed token." is what the service says of one that is no longer valid.
      if (isNotFound(error) || (error instanceof RegistryError && error.status === 400)) return;
      throw error;
    });
  },
}) {}

const idOf = (token: string): string => createHash("sha256").update(token).digest("hex").slice(0, 24);

function outputs(client: SelectelClient, token: string, expireAt: number): BasicTokenOutputs {
  return {
    token,
    dockerConfigJson: JSON.stringify(dockerConfig(client.registryHost, token)),
    username: tokenUsername,
    expiration: new Date(expireAt * 1000).toISOString(),
  };
}
