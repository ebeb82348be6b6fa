import * as pulumi from "@pulumi/pulumi";
import { registryui } from "registry-as-code";

const config = new pulumi.Config();

// Without a project a repository is invisible to all but administrators. Who may read it is said on the website.
const app = new registryui.Project("app", { repository: "team/app", title: "The app" });

// Everybody may pull, without logging in.
const base = new registryui.Project("base", { repository: "public/base", title: "Base images", isPublic: true });

// Once somebody asks for it, and again whenever `collect` gets a new value (a date, say). The registry is offline meanwhile, hence the dependencies.
new registryui.GarbageCollection("garbage", { triggers: { collect: config.get("collect") ?? "never" } }, { dependsOn: [app, base] });

/** Where to push: `docker push <reference>:<tag>`. */
export const references = [app.reference, base.reference];
