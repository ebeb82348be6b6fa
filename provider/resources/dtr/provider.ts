import type * as pulumi from "@pulumi/pulumi";
import { explicitProvider } from "../provider";
import { SETTINGS } from "./module";

export interface ProviderArgs {
  /** Where the registry is, for example `https://dtr.example.com`: website, API, accounts and images have one origin. */
  url: pulumi.Input<string>;
  /** Name of a user. Accounts, settings and jobs need a system administrator. */
  username?: pulumi.Input<string>;
  /** The user's password. Kept encrypted in the provider's own state, in no resource's. */
  password?: pulumi.Input<string>;
  /** An access token of the user, in place of `password`. Kept encrypted in the provider's own state, in no resource's. */
  token?: pulumi.Input<string>;
  /** Path of a PEM file with the certificate authorities to trust beside the system's. */
  caFile?: pulumi.Input<string>;
}

/**
 * One Docker Trusted Registry or Mirantis Secure Registry 2.x, given explicitly:
 * `new dtr.Repository("app", { namespace: "team", name: "app" }, { provider })`. Without one, resources use the stack's configuration (`dtr:url`,
 * `dtr:username`, `dtr:password` or `dtr:token`) and the environment. An explicit provider takes no credentials from the environment.
 */
export class Provider extends explicitProvider<ProviderArgs>("dtr", {
  keys: SETTINGS,
  required: ["url"],
  secrets: ["password", "token"],
}) {}
