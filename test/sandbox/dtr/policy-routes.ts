import type { SandboxResponse } from "../contract";
import { repositoryOf } from "./access";
import { type Call, parameter } from "./call";
import { Refusal } from "./errors";
import { policyHappened } from "./policies";
import type { Repository } from "./repositories-model";
import { absent, listed, type Route } from "./route";
import type { World } from "./world";

/** One of the kinds of policies that a repository has. */
export interface PolicyKind<P extends { readonly id: string }> {
  /** As in `a promotion policy`. */
  readonly name: string;
  /** The last part of the routes' path. */
  readonly path: string;
  /** Code of the error for an id that there is not. */
  readonly noSuch: string;
  /** Where the repository keeps them, by id. */
  readonly policies: (repository: Repository) => Map<string, P>;
  /** One as DTR answers it. */
  readonly view: (world: World, repository: Repository, policy: P) => object;
}

/** What a kind does in its own way. */
export interface PolicyRuns<P> {
  /** By default all of the repository, not paged. */
  readonly list?: (call: Call, repository: Repository) => SandboxResponse;
  readonly create: (call: Call, repository: Repository) => SandboxResponse | Promise<SandboxResponse>;
  readonly update: (call: Call, repository: Repository, policy: P) => SandboxResponse | Promise<SandboxResponse>;
}

/** List, create, read, update and delete, all for who administers the repository. */
export function policyRoutes<P extends { readonly id: string }>(kind: PolicyKind<P>, runs: PolicyRuns<P>): readonly Route[] {
  const path = policiesPath(kind);
  const who = { repository: "admin" } as const;
  const { list = (call, repository) => listAll(kind, call, repository), create, update } = runs;
  const on = (run: (call: Call, repository: Repository) => SandboxResponse | Promise<SandboxResponse>) => (call: Call) =>
    run(call, repositoryOf(call, "admin"));
  return [
    { method: "GET", path, who, list: true, run: on(list) },
    { method: "POST", path, who, run: on(create) },
    { method: "GET", path: `${path}/{id}`, who, run: on((call, repository) => read(kind, call, repository)) },
    {
      method: "PUT",
      path: `${path}/{id}`,
      who,
      run: on((call, repository) => update(call, repository, existing(kind, call, repository))),
    },
    { method: "DELETE", path: `${path}/{id}`, who, run: on((call, repository) => remove(kind, call, repository)) },
  ];
}

export function policiesPath({ path }: Pick<PolicyKind<never>, "path">): string {
  return `/api/v0/repositories/{namespace}/{repository}/${path}`;
}

/** Puts a new policy into the repository. */
export function addPolicy<P extends { readonly id: string }>(kind: PolicyKind<P>, call: Call, repository: Repository, policy: P): void {
  kind.policies(repository).set(policy.id, policy);
  policyHappened(call, repository, policy.id, "CREATE");
}

export function changePolicy<P extends { readonly id: string }>(
  call: Call,
  repository: Repository,
  policy: P,
  fields: Partial<Omit<P, "id">>,
): void {
  Object.assign(policy, fields);
  policyHappened(call, repository, policy.id, "UPDATE");
}

function listAll<P extends { readonly id: string }>(kind: PolicyKind<P>, { world }: Call, repository: Repository): SandboxResponse {
  const views = [...kind.policies(repository).values()].map((policy) => kind.view(world, repository, policy));
  return { status: 200, json: listed(world, views) };
}

function read<P extends { readonly id: string }>(kind: PolicyKind<P>, call: Call, repository: Repository): SandboxResponse {
  return { status: 200, json: kind.view(call.world, repository, existing(kind, call, repository)) };
}

function remove<P extends { readonly id: string }>(kind: PolicyKind<P>, call: Call, repository: Repository): SandboxResponse {
  const id = parameter(call, "id");
  if (!kind.policies(repository).delete(id)) return absent(call.world, noSuchPolicy(kind, id));
  policyHappened(call, repository, id, "DELETE");
  return { status: 204 };
}

function existing<P extends { readonly id: string }>(kind: PolicyKind<P>, call: Call, repository: Repository): P {
  const id = parameter(call, "id");
  const policy = kind.policies(repository).get(id);
  if (!policy) throw noSuchPolicy(kind, id);
  return policy;
}

function noSuchPolicy({ noSuch, name }: Pick<PolicyKind<never>, "noSuch" | "name">, id: string): Refusal {
  return new Refusal(404, noSuch, `There is no ${name} policy ${id} in the repository.`);
}
