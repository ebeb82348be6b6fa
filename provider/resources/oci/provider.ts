import type * as pulumi from "@pulumi/pulumi";
import { explicitProvider } from "../provider";
import { SETTINGS } from "./module";

export interface ProviderArgs {
  /** Where the registry is, for example `https://registry.example.com`. */
  url: pulumi.Input<string>;
  /** User name for Basic authentication or for the registry's token server; goes with `password`. */
  username?: pulumi.Input<string>;
  /** Kept encrypted in the provider's own state, in no resource's. */
  password?: pulumi.Input<string>;
  /** A bearer token that the registry accepts as it is; takes the place of user name and password. */
  token?: pulumi.Input<string>;
  /** Path of a PEM file with the certificate authorities to trust beside the system's. */
  caFile?: pulumi.Input<string>;
  /** Path of the Docker `config.json` whose credentials (or helpers) are used when none are given here. Default: Docker's own place. */
  dockerConfig?: pulumi.Input<string>;
}

/**
 * One registry, given explicitly: `new oci.Repository("app", { name: "team/app" }, { provider })`. Without one, resources use the stack's
 * configuration (`oci:url`, `oci:username`, `oci:password`, …) and the environment. An explicit provider takes no credentials from the environment.
 */
export class Provider extends explicitProvider<ProviderArgs>("oci", {
  keys: SETTINGS,
  required: ["url"],
  secrets: ["password", "token"],
}) {}
