import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { MirroringPolicy, PollMirroringPolicy, PushMirroringPolicy } from "../schemas/policies";
import { array } from "../schemas/values";
import { name } from "./given";
import { evaluation, rules, slow, someOf, unlessEvaluated, wholeBody } from "./terms";

/** How the other registry is reached. */
const remote = {
  /** PEM of an authority to trust; empty: the ones that the server trusts. */
  remoteCA: z.string().optional(),
  skipTLSVerification: z.boolean().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  /** In place of user name and password. */
  authToken: z.string().optional(),
};
const required = { remoteHost: name, remoteRepository: name, enabled: z.boolean() };
const changed = { remoteHost: name.optional(), remoteRepository: name.optional(), enabled: z.boolean().optional(), ...remote };
const pushed = { rules: rules.optional(), tagTemplate: z.string().optional() };
const secret = ["password", "authToken"];

const ids = z
  .array(name)
  .min(1, "must not be empty")
  .readonly()
  .transform((list) => list.map((id) => ({ id })));

/** Mirroring policies of both kinds together. */
export const mirroringPolicies = {
  list: paged("GET /api/v0/repositories/{namespace}/{repository}/mirroringPolicies", {
    items: array(MirroringPolicy),
    key: ({ id }) => id,
    errors: [403, 404],
  }),
  /** Deletes policies of both kinds by their ids. */
  deleteMany: wholeBody(
    operation("DELETE /api/v0/repositories/{namespace}/{repository}/mirroringPolicies", {
      body: { ids },
      wire: { ids: "body" },
      errors: [403, 404],
    }),
  ),
};

/** Policies that pull from another registry. */
export const pollMirroringPolicies = {
  /** In no pages. */
  list: operation("GET /api/v0/repositories/{namespace}/{repository}/pollMirroringPolicies", {
    answer: array(PollMirroringPolicy),
    errors: [403, 404],
  }),
  /**
   * The server tries the login: REMOTE_REGISTRY_INVALID_PERMISSIONS (a 400) if it is refused. INVALID_POLL_MIRRORING_POLICY (a 404): what was sent is not
   * right. `initialEvaluation`: mirror at once; default false.
   */
  create: operation("POST /api/v0/repositories/{namespace}/{repository}/pollMirroringPolicies", {
    query: evaluation,
    body: { ...required, ...remote },
    secret,
    answer: PollMirroringPolicy,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** NO_SUCH_POLL_MIRRORING_POLICY: it is gone. */
  get: operation("GET /api/v0/repositories/{namespace}/{repository}/pollMirroringPolicies/{id}", {
    answer: PollMirroringPolicy,
    errors: [403, 404],
  }),
  /** Changes what is given; password and token stay if they are not. */
  update: operation("PUT /api/v0/repositories/{namespace}/{repository}/pollMirroringPolicies/{id}", {
    body: changed,
    rule: someOf(...Object.keys(changed)),
    secret,
    answer: PollMirroringPolicy,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** Succeeds if it is gone. */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}/pollMirroringPolicies/{id}", { errors: [403, 404] }),
};

/** Policies that push to another registry. */
export const pushMirroringPolicies = {
  /** In no pages. */
  list: operation("GET /api/v0/repositories/{namespace}/{repository}/pushMirroringPolicies", {
    answer: array(PushMirroringPolicy),
    errors: [403, 404],
  }),
  /**
   * The server tries the login: REMOTE_REGISTRY_INVALID_PERMISSIONS (a 400) if it is refused. INVALID_PUSH_MIRRORING_POLICY (a 404): what was sent is not
   * right, a rule for instance. `initialEvaluation`: push at once what is there; default false.
   */
  create: operation("POST /api/v0/repositories/{namespace}/{repository}/pushMirroringPolicies", {
    query: evaluation,
    body: { ...required, ...remote, ...pushed },
    secret,
    answer: PushMirroringPolicy,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** NO_SUCH_PUSH_MIRRORING_POLICY: it is gone. */
  get: operation("GET /api/v0/repositories/{namespace}/{repository}/pushMirroringPolicies/{id}", {
    answer: PushMirroringPolicy,
    errors: [403, 404],
  }),
  /** Changes what is given; password and token stay if they are not. */
  update: operation("PUT /api/v0/repositories/{namespace}/{repository}/pushMirroringPolicies/{id}", {
    query: evaluation,
    body: { ...changed, ...pushed },
    rule: someOf(...Object.keys(changed), ...Object.keys(pushed)),
    secret,
    answer: PushMirroringPolicy,
    repeatable: unlessEvaluated,
    timeouts: slow,
    errors: [400, 403, 404],
  }),
  /** Succeeds if it is gone. */
  delete: operation("DELETE /api/v0/repositories/{namespace}/{repository}/pushMirroringPolicies/{id}", { errors: [403, 404] }),
};
