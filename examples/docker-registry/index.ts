import * as pulumi from "@pulumi/pulumi";
import { oci } from "registry-as-code";

const config = new pulumi.Config();

// A V2 repository exists once something was pushed, so a tiny artifact is pushed if nothing is there yet.
const app = new oci.Repository("app", { name: config.get("repository") ?? "team/app" });

// Promotion as code: an environment is a tag that points to a digest, and the digest stands in the stack's configuration, so who promoted
// what, and when, is in the history of that file. The manifest is put under the tag byte for byte: nothing is pulled, rebuilt or pushed.
const promote = (tag: "staging" | "production"): oci.Tag[] => {
  const digest = config.get(tag);
  return digest === undefined ? [] : [new oci.Tag(tag, { repository: app.name, tag, digest })];
};
const promoted = [...promote("staging"), ...promote("production")];

/** Where to push: `docker push <reference>:<tag>`. */
export const reference = app.reference;

/** What to deploy, pinned: `<reference>@sha256:…`, for each environment. */
export const deploy = pulumi.all(promoted.map(({ tag, reference }) => pulumi.all([tag, reference]))).apply(Object.fromEntries);

/** All tags, read once the repository is there and the environments' tags point to where they should. */
export const tags = pulumi.all([app.id, ...promoted.map(({ id }) => id)]).apply(([repository]) => oci.getTags({ repository }));
