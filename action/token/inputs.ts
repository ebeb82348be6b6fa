import type { Connection } from "../../provider/cleanup/connection";
import { registryHost } from "../../provider/registries/oci";
import {
  customTokenName,
  defaultTokenName,
  type RandomBytes,
  requestProblems,
  type TokenName,
  type TokenRequest,
  TokenRequestError,
  withoutTokens,
} from "../../provider/tokens";
import { connectionOf } from "../connection-fields";
import { connectionProblems } from "../connection-problems";
import { type Environment, type RawInputs, readInputs } from "../environment";
import { InputError, type Problem } from "../input-error";
import { readFields } from "../read-fields";
import { type InputName, inputs } from "./declaration";
import { type Fields, fields as fieldShapes } from "./fields";

/** What the inputs ask for. */
export interface TokenJob {
  readonly connection: Connection;
  readonly request: TokenRequest;
  readonly login: boolean;
  readonly sweep: boolean;
}

/** What `post` needs of the inputs. */
export interface EndJob {
  readonly connection: Connection;
  readonly skipTokenRevoke: boolean;
}

export interface Chance {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** The secrets as the runner passes them, before anything is parsed. */
export const rawCredentials = (env: Environment): RawInputs<"username" | "password" | "token"> => readInputs<InputName>(env, inputs).raw;

/** Parses the inputs of `main`. Throws InputError with everything that is wrong. */
export function parseInputs(env: Environment, { now, random }: Chance): TokenJob {
  const { fields, problems } = read(env);
  const named = nameOf(fields, env, random);
  if ("problems" in named) problems.push(...named.problems);
  const request = requestOf(fields, "problems" in named ? unnamed : named);
  // Missing if it could not be read.
  if (fields.type) {
    const host = registryHost(fields.registry ?? (fields.type === "selectel" ? "cr.selcloud.ru" : ""));
    const found = requestProblems(request, { type: fields.type, host, now: now() });
    problems.push(...asProblems(found));
  }
  if (problems.length > 0) throw new InputError(problems);
  return { connection: connectionOf(fields), request, login: fields.login, sweep: fields.sweep };
}

/** Parses the inputs of `post`, which are those of `main`. Throws InputError. */
export function parseEndInputs(env: Environment): EndJob {
  const { fields, problems } = read(env);
  if (problems.length > 0) throw new InputError(problems);
  return { connection: connectionOf(fields), skipTokenRevoke: fields["skip-token-revoke"] };
}

/** The inputs one by one, and what is wrong with them and with the connection. */
function read(env: Environment): { readonly fields: Fields; readonly problems: Problem[] } {
  const { raw, problems: unknown } = readInputs<InputName>(env, inputs);
  const problems: Problem[] = [];
  const fields = readFields(fieldShapes, raw, problems);
  // Some registries have nothing to mint: what works there is better to know than which words are allowed.
  const typed = problems.map((problem) => (problem.input === "type" ? asProblems(withoutTokens(raw.type ?? "").problems) : [problem]));
  return {
    fields,
    problems: [
      ...unknown,
      ...typed.flat(),
      ...(fields.type ? connectionProblems(raw) : []),
      ...tradeProblems(raw),
      ...foreverProblems(raw),
    ],
  };
}

function tradeProblems({ type, token }: RawInputs<InputName>): Problem[] {
  if (type !== "oci" || !token) return [];
  return [{ input: "token", text: "cannot be traded for a narrower one with type: oci. Give username and password." }];
}

function foreverProblems({ type, "skip-token-revoke": skip }: RawInputs<InputName>): Problem[] {
  if (type !== "dtr" || skip?.toLowerCase() !== "true") return [];
  return [{ input: "skip-token-revoke", text: "cannot be true with type: dtr: nothing else ends the token. Remove it." }];
}

function nameOf({ name }: Fields, env: Environment, random: RandomBytes): TokenName | { readonly problems: readonly Problem[] } {
  const { GITHUB_REPOSITORY: repository = "", GITHUB_RUN_ID: runId = "", GITHUB_RUN_ATTEMPT: attempt = "", GITHUB_JOB: job = "" } = env;
  try {
    return name === undefined ? defaultTokenName({ repository, runId, attempt, job }, random) : customTokenName(name, random);
  } catch (error) {
    if (!(error instanceof TokenRequestError)) throw error;
    return { problems: asProblems(error.problems) };
  }
}

/** In place of a name that cannot be; nothing is minted then. */
const unnamed: TokenName = { base: "", nonce: "", text: "" };

/** What could not be read is known: in its place stands what is no further problem. */
function requestOf(fields: Fields, name: TokenName): TokenRequest {
  return {
    registries: fields.registries,
    repositories: fields.repositories,
    permission: fields.permission ?? "read",
    lifetime: fields["expires-in"] ?? 3_600_000,
    name,
    allowWiderScope: fields["allow-wider-scope"],
    allowLongLived: fields["allow-long-lived"],
  };
}

/** What the core says of a request, as sentences. */
const asProblems = (problems: TokenRequestError["problems"]): Problem[] =>
  problems.map(({ setting, text }) => ({ input: setting, text: /[.!?]$/.test(text) ? text : `${text}.` }));
