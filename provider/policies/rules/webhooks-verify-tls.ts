import { z } from "zod";
import { resourceRule } from "../rule";
import { flag, text } from "../subject";

const messages = {
  unverified:
    "the endpoint's certificate is not looked at: leave out `skipTlsVerification`, and give the authority of a private certificate as `tlsCert`",
  plain: "events go over the network unencrypted: `endpoint` must begin with https://",
};

export const webhooksVerifyTls = resourceRule<Record<never, never>>({
  name: "webhooks-verify-tls",
  severity: "high",
  description: "Webhooks must go to https with verification.",
  types: ["dtr:Webhook"],
  messages,
  remediation: "Sets `skipTlsVerification` to false. An address without https:// stays a violation.",
  settings: z.strictObject({}),
  judge: () => (subject) => {
    subject.when({ skipTlsVerification: flag }, ({ skipTlsVerification }) => {
      if (skipTlsVerification) subject.violates(messages.unverified, {}, { skipTlsVerification: false });
    });
    subject.when({ endpoint: text }, ({ endpoint = "" }) => /^https:\/\//i.test(endpoint.trim()) || subject.violates(messages.plain));
  },
});
