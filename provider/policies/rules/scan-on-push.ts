import { z } from "zod";
import { unlessListed } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { flag } from "../subject";

export interface ScanOnPush {
  /** Repositories that need not be scanned, as globs over `namespace/name`. Default: none. */
  except?: string[];
}

const messages = {
  unscanned: "images are not scanned when they are pushed: set `scanOnPush` to true",
  disabled:
    "scanning is switched off for the whole registry, whatever its repositories say: set `scanningEnabled` to true, or leave it out",
};

export const scanOnPush = resourceRule<Required<ScanOnPush>>({
  name: "scan-on-push",
  severity: "medium",
  description: "Images must be scanned when they are pushed.",
  types: ["dtr:Repository", "dtr:Settings"],
  messages,
  remediation: "Sets `scanOnPush` to true. Scanning that is switched off for the registry stays a violation: it takes a license.",
  settings: z.strictObject({ except: patterns("Repositories that need not be scanned, as globs over `namespace/name`.") }),
  judge({ except }) {
    const unlessExcepted = unlessListed(except, "scan-on-push: except");
    return (subject) => {
      if (subject.type === "dtr:Settings") {
        subject.when({ scanningEnabled: (value) => value !== false }, ({ scanningEnabled }) => {
          if (!scanningEnabled) subject.violates(messages.disabled);
        });
        return;
      }
      subject.when({ scanOnPush: flag }, (values) => {
        if (!values.scanOnPush)
          unlessExcepted(subject, ["namespace", "name"], () => subject.violates(messages.unscanned, {}, { scanOnPush: true }));
      });
    };
  },
});
