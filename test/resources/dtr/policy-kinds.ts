import { startWorld, type World } from "./world";

export const PASSWORD = "first-remote-password";
export const rules = [
  { field: "tag", operator: "sw", values: ["build-"] },
  { field: "vulnerability_critical", operator: "gte", values: ["1"] },
];
export const otherRules = [{ field: "tag", operator: "ew", values: ["-old"] }];
export const place = { namespace: "team", repository: "app" };
export const remote = { remoteHost: "https://other.example.com", remoteRepository: "them/app", username: "robot", password: PASSWORD };

/** Every kind of policy: what a program declares, what it may change, and how the server keeps it. */
export const kinds = [
  {
    type: "dtr:PruningPolicy",
    collection: "pruningPolicies",
    inputs: { ...place, rules },
    changes: { rules: otherRules, enabled: false },
    defaults: { enabled: true },
  },
  {
    type: "dtr:PromotionPolicy",
    collection: "promotionPolicies",
    inputs: { ...place, rules, targetRepository: "team/prod" },
    changes: { rules: otherRules, enabled: false, targetRepository: "team/stage", tagTemplate: "%n-%Y" },
    defaults: { enabled: true, tagTemplate: "%n" },
  },
  {
    type: "dtr:PollMirroringPolicy",
    collection: "pollMirroringPolicies",
    inputs: { ...place, ...remote },
    changes: {
      enabled: false,
      remoteHost: "https://third.example.com",
      remoteRepository: "them/other",
      skipTlsVerification: true,
      username: "another",
    },
    defaults: { enabled: true, skipTlsVerification: false },
  },
  {
    type: "dtr:PushMirroringPolicy",
    collection: "pushMirroringPolicies",
    inputs: { ...place, ...remote, rules },
    changes: {
      rules: otherRules,
      enabled: false,
      remoteHost: "https://third.example.com",
      remoteRepository: "them/other",
      skipTlsVerification: true,
      username: "another",
      tagTemplate: "%n-%Y",
    },
    defaults: { enabled: true, skipTlsVerification: false, tagTemplate: "%n" },
  },
] as const;
export const mirrors = kinds.filter(({ collection }) => collection.endsWith("MirroringPolicies"));
export const withRules = kinds.filter(({ inputs }) => "rules" in inputs);

export type Collection = (typeof kinds)[number]["collection"];

/** A DTR with repositories, where nobody tries logins of mirrors unless a test says so. */
export const startPolicies = (options: Parameters<typeof startWorld>[0] = {}): Promise<World> =>
  startWorld({
    mirrorLogin: "unchecked",
    organizations: { team: {} },
    repositories: { "team/app": {}, "team/prod": {}, "team/stage": {}, "team/other": {} },
    ...options,
  });

/** The policies of a repository as the sandbox keeps them; mutable. */
export const keptIn = ({ dtr }: World, collection: Collection, repository = "team/app"): Record<string, unknown>[] =>
  [...dtr.state.repository(repository)[collection].values()] as unknown as Record<string, unknown>[]; // whatever kind it is

export const api = (collection: string, id = ""): string => `/api/v0/repositories/team/app/${collection}${id && `/${id}`}`;

/** Names of inputs that the API writes in another way. */
export const WIRE: Readonly<Record<string, string>> = { skipTlsVerification: "skipTLSVerification", remoteCa: "remoteCA" };
export const atWire = (inputs: object): object =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [WIRE[name] ?? name, value]));

/** A policy that somebody makes by hand. */
export const byHand = (world: World, collection: string, { namespace: _n, repository: _r, ...inputs }: object & typeof place) =>
  world.api<{ id: string }>("POST", `${api(collection)}?initialEvaluation=false`, { enabled: true, ...atWire(inputs) });

/** The message of what must fail. */
export const failure = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );
