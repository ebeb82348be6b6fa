import type { Handler, SandboxRequest, SandboxResponse } from "../contract";
import { createOciApi, failure, type OciSwitches } from "../oci";
import { createBearer } from "../oci/bearer";
import type { OciUser, Right } from "../oci/users";
import { accepts, levelIn, standsAs } from "./access";
import type { User } from "./accounts-model";
import { deleted, pulled, pushed, refusedWrite } from "./push";
import { pathOf, usersOf, type World } from "./world";

/** DTR stands on distribution 2.x: no deletion by tag, no referrers API. */
const DISTRIBUTION: OciSwitches = { tagDelete: "unsupported", referrersApi: false };

/** Stands for the origin by which a client addresses the sandbox, which only its request tells. */
const REALM = "http://sandbox.invalid/auth/token";

const SERVICE = "dtr";

export interface Host {
  /** `/v2`. */
  readonly handler: Handler;
  /** `/auth/token`. */
  readonly tokenServer: Handler;
  /** Name of the user of a bearer token, which the API takes too; undefined for one that does not count. */
  readonly subjectOf: (authorization: string) => string | undefined;
}

/** The registry: its token server grants what the accounts' permissions say, for the user's password or an access token. */
export function createHost(world: World, switches: OciSwitches = {}): Host {
  const bearer = createBearer({
    clock: world.clock,
    realm: REALM,
    service: SERVICE,
    // Looked up anew for each request: accounts and grants change.
    get users() {
      return Object.fromEntries(usersOf(world).flatMap((user) => (user.isActive ? [[user.name, ociUser(world, user)]] : [])));
    },
    get anonymous() {
      return rightsOf(world, undefined);
    },
  });
  const api = createOciApi({
    ...DISTRIBUTION,
    ...switches,
    store: world.store,
    clock: world.clock,
    authorize: (request, access) => bearer.authorize(request, access),
    beforeWrite: (repository, request) => refusedWrite(world, repository, request),
  });
  const addressed = (response: SandboxResponse, { origin }: SandboxRequest): SandboxResponse => {
    const challenge = response.headers?.["www-authenticate"];
    if (typeof challenge !== "string") return response;
    return { ...response, headers: { ...response.headers, "www-authenticate": challenge.replace(new URL(REALM).origin, origin) } };
  };
  return {
    handler: async (request) => {
      const response = await api(request);
      const subject = bearer.subjectOf(request.headers.authorization ?? "");
      if (response.status === 201) pushed(world, request, subject);
      if (response.status === 200) pulled(world, request, subject);
      if (response.status === 202) deleted(world, request, subject);
      return addressed(response, request);
    },
    tokenServer: (request) => {
      if (request.fault === "expired-session") return failure(401, "UNAUTHORIZED");
      if (request.method !== "GET") return bearer.tokenServer(request);
      // Scripts ask without naming the service, or with a name of their own.
      const query = new URLSearchParams(request.query);
      query.set("service", SERVICE);
      return bearer.tokenServer({ ...request, query });
    },
    subjectOf: bearer.subjectOf,
  };
}

/** The rights are looked up only for the user who asks: `rights` is a getter. */
function ociUser(world: World, user: User): OciUser {
  const common = { password: "", accepts: (password: string) => accepts(world, user, password) };
  if (user.isAdmin) return common;
  return {
    password: common.password,
    accepts: common.accepts,
    get rights() {
      return rightsOf(world, user);
    },
  };
}

function rightsOf(world: World, user: User | undefined): readonly Right[] {
  const principal = user ? { user } : {};
  const rights = [...world.repositories.values()].flatMap((repository): Right[] => {
    const level = levelIn(world, principal, repository);
    if (level === undefined) return [];
    return [{ repository: pathOf(repository), actions: level === "read-only" ? ["pull"] : ["pull", "push", "delete"] }];
  });
  if (!user || !world.settings.createRepositoryOnPush) return rights;
  const own = [...world.accounts.values()].filter((account) => standsAs(world, principal, account, "admin"));
  return [...rights, ...own.map(({ name }): Right => ({ repository: `${name}/*`, actions: ["pull", "push"] }))];
}
