import { z } from "zod";
import { resourceRule } from "../rule";
import { flag, text } from "../subject";

const messages = {
  unverified:
    "the other registry's certificate is not looked at: leave out `skipTlsVerification`, and give the authority of a private certificate as `remoteCa`",
  plain: "images and credentials go over the network unencrypted: `remoteHost` must begin with https://",
};

export const mirroringVerifiesTls = resourceRule<Record<never, never>>({
  name: "mirroring-verifies-tls",
  severity: "high",
  description: "Mirroring must verify the other registry by TLS.",
  types: ["dtr:PollMirroringPolicy", "dtr:PushMirroringPolicy", "dtr:TagMirroring"],
  messages,
  remediation: "Sets `skipTlsVerification` to false. An address with http:// stays a violation.",
  settings: z.strictObject({}),
  judge: () => (subject) => {
    subject.when({ skipTlsVerification: flag }, ({ skipTlsVerification }) => {
      if (skipTlsVerification) subject.violates(messages.unverified, {}, { skipTlsVerification: false });
    });
    // Without a scheme the server takes https.
    subject.when({ remoteHost: text }, ({ remoteHost = "" }) => /^http:/i.test(remoteHost.trim()) && subject.violates(messages.plain));
  },
});
