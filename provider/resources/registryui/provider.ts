import type * as pulumi from "@pulumi/pulumi";
import { explicitProvider } from "../provider";
import { SETTINGS } from "./module";

export interface ProviderArgs {
  /** Where RegistryUI is, for example `https://registry.example.com`: website, Extended API and registry have one origin. */
  url: pulumi.Input<string>;
  /** Name of a user. Most calls that change something need an administrator. */
  username?: pulumi.Input<string>;
  /** The user's own token (User > Token in RegistryUI), not the website's password. Kept encrypted in the provider's own state, in no resource's. */
  token?: pulumi.Input<string>;
  /** Path of a PEM file with the certificate authorities to trust beside the system's. */
  caFile?: pulumi.Input<string>;
  /** Path of the Docker `config.json` whose credentials are used when none are given here. Default: Docker's own place. */
  dockerConfig?: pulumi.Input<string>;
}

/**
 * One RegistryUI, given explicitly: `new registryui.Project("app", { repository: "team/app" }, { provider })`. Without one, resources use the stack's
 * configuration (`registryui:url`, `registryui:username`, `registryui:token`) and the environment. An explicit provider takes no credentials from
 * the environment.
 */
export class Provider extends explicitProvider<ProviderArgs>("registryui", {
  keys: SETTINGS,
  required: ["url"],
  secrets: ["token"],
}) {}
