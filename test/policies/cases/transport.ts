import { type Case, later, UNKNOWN_TEXT, wrong } from "./case";
import { mirror, policy, tagMirroring, webhook } from "./inputs";

export const transport: readonly Case[] = [
  // mirroring-verifies-tls
  ...(["dtr:PollMirroringPolicy", "dtr:PushMirroringPolicy", "dtr:TagMirroring"] as const).map((type): Case => {
    const props = {
      "dtr:PollMirroringPolicy": mirror,
      "dtr:PushMirroringPolicy": { ...mirror, rules: policy.rules },
      "dtr:TagMirroring": tagMirroring,
    }[type];
    return wrong("mirroringVerifiesTls", "no verification", type, { ...props, skipTlsVerification: true }, "unverified", props, {
      fixed: { ...props, skipTlsVerification: false },
    });
  }),
  wrong("mirroringVerifiesTls", "plain http", "dtr:PollMirroringPolicy", { ...mirror, remoteHost: "http://mirror.example.com" }, "plain", {
    ...mirror,
    remoteHost: "mirror.example.com",
  }),
  {
    ...later(
      "mirroringVerifiesTls",
      "no verification of an address that is not known",
      "dtr:PollMirroringPolicy",
      { ...mirror, remoteHost: UNKNOWN_TEXT, skipTlsVerification: true },
      ["remoteHost"],
    ),
    says: [[0, "unverified"]],
    fixed: { ...mirror, remoteHost: UNKNOWN_TEXT, skipTlsVerification: false },
  },

  // webhooks-verify-tls
  wrong("webhooksVerifyTls", "no verification", "dtr:Webhook", { ...webhook, skipTlsVerification: true }, "unverified", webhook, {
    fixed: { ...webhook, skipTlsVerification: false },
  }),
  wrong("webhooksVerifyTls", "plain http", "dtr:Webhook", { ...webhook, endpoint: "http://ci.example.com/hook" }, "plain", webhook),
  {
    rule: "webhooksVerifyTls",
    what: "both, of which one can be put right",
    resources: [{ type: "dtr:Webhook", props: { ...webhook, endpoint: "http://ci.example.com/hook", skipTlsVerification: true } }],
    says: [
      [0, "unverified"],
      [0, "plain"],
    ],
    fixed: { ...webhook, endpoint: "http://ci.example.com/hook", skipTlsVerification: false },
  },
  later("webhooksVerifyTls", "an endpoint that is not known", "dtr:Webhook", { ...webhook, endpoint: UNKNOWN_TEXT }, ["endpoint"]),
];
