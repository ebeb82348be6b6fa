import { addToken } from "./api-tokens";
import type { Component } from "./findings";
import { finish } from "./job-runs";
import { type Delivery, type Job, type Services, services, type Webhook } from "./services";
import { type ApiToken, userNamed, type World } from "./world";

/** What a test may look at and turn of jobs, webhooks, tokens, settings and scans. */
export interface ServiceState {
  /** Everything in them. */
  readonly services: Services;
  readonly jobs: readonly Job[];
  /** By `hashedToken`. */
  readonly tokens: ReadonlyMap<string, ApiToken>;
  /** By id. */
  readonly webhooks: ReadonlyMap<string, Webhook>;
  /** Every POST of a webhook or a webhook test, in its order; `settled` waits for the answers. */
  readonly deliveries: readonly Delivery[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** By digest of the layer; may be changed, which the next scan of an image sees. */
  readonly vulnerabilities: Map<string, readonly Component[]>;
  /** The next job of this action does not do its work, and fails with this line in its log. */
  failNext(action: string, log: string): void;
  /** Does the work of every job whose time has come, and of those that this leads to. */
  runJobs(): Promise<void>;
  /** Gives a user a token as the server makes one by itself (`auto`), for instance at a login. The secret is its password. */
  addToken(owner: string, token?: { readonly tokenLabel?: string; readonly generatedBy?: string }): string;
}

export function createServiceState(world: World): ServiceState {
  const state = services(world);
  return {
    services: state,
    jobs: state.jobs,
    tokens: world.apiTokens,
    webhooks: state.webhooks,
    deliveries: state.deliveries,
    settings: world.settings,
    vulnerabilities: state.vulnerabilities,
    failNext: (action, log) => void state.failures.push({ action, log }),
    runJobs: async () => {
      // Grows while it runs: jobs submit jobs.
      for (const job of state.jobs) if (job.scheduledAt <= world.clock.now()) await finish(world, job);
    },
    addToken: (owner, { tokenLabel = "", generatedBy = "auto" } = {}) => {
      const user = userNamed(world, owner);
      if (!user) throw new Error(`There is no user ${owner} in the sandbox's DTR.`);
      return addToken(world, user, { tokenLabel, generatedBy, creatorUa: "" }).secret;
    },
  };
}
