import { PolicyPack } from "@pulumi/policy";
import { registryPolicies } from "registry-as-code/policies";

// Their tags are immutable, which excludes a tag limit.
const production = ["*/*-production", "production/*"];

// Every rule that is not named here is mandatory, with its own defaults.
new PolicyPack("registries", {
  policies: registryPolicies({
    tokensExpire: { days: 30, except: ["legacy-*"] },
    noPublicRepositories: { allow: ["public/**"] },
    noTeamAdminOnNamespaces: { allow: ["*/operations"] },
    immutableTagsInProduction: { repositories: production },
    repositoriesHaveRetention: { except: production },
    // Put right instead of refused: the preview shows what was changed.
    scanOnPush: "remediate",
    webhooksVerifyTls: "remediate",
    // Shown, but nobody is stopped.
    ownersAreNamed: { level: "advisory", pattern: "(?i)\\bowner: @?[a-z]" },
    namesFollowAPattern: "advisory",
    garbageCollectionIsRare: { hours: 168 },
    oneGarbageCollectionPerRegistry: "disabled",
  }),
});
