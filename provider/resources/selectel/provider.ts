import type * as pulumi from "@pulumi/pulumi";
import { explicitProvider } from "../provider";
import { SETTINGS } from "./module";

export interface ProviderArgs {
  /** A ready-made, project-scoped IAM token (24 h); takes the place of the service user. */
  token?: pulumi.Input<string>;
  /** Number of the account. */
  accountId?: pulumi.Input<string>;
  /** Name of a service user with access to the project. */
  username?: pulumi.Input<string>;
  /** Kept encrypted in the provider's own state, in no resource's. */
  password?: pulumi.Input<string>;
  /** Id of the project; preferred to its name. */
  projectId?: pulumi.Input<string>;
  projectName?: pulumi.Input<string>;
  /** Account of the user where it is not `accountId`. */
  userDomainName?: pulumi.Input<string>;
  /** Identity service. Default `https://cloud.api.selcloud.ru/identity/v3`. */
  authUrl?: pulumi.Input<string>;
  /** Container Registry API without `/v1` or `/v2`. Default `https://cr.selcloud.ru/api`. */
  apiUrl?: pulumi.Input<string>;
  /** Where images are pushed and pulled. Default: the origin of `apiUrl`. */
  registryUrl?: pulumi.Input<string>;
}

/**
 * One Selectel project, given explicitly: `new selectel.Registry("main", { name: "main" }, { provider })`. Without one, resources use the
 * stack's configuration (`selectel:accountId`, …) and the environment. An explicit provider takes no credentials from the environment.
 */
export class Provider extends explicitProvider<ProviderArgs>("selectel", { keys: SETTINGS, secrets: ["token", "password"] }) {}
