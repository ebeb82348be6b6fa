import { z } from "zod";
import { inList } from "../matcher";
import { patterns, resourceRule } from "../rule";
import { flag } from "../subject";

export interface NoForceDelete {
  /** Names of production stacks, as globs. Default: those that begin with `prod`, or have the word `prod` or `production` after a `-`, `_` or `.`. */
  stacks?: string[];
}

const messages = {
  force: "destroying this would delete all images in it: leave out `forceDelete`, so that it is refused while there are any",
};

export const noForceDelete = resourceRule<Required<NoForceDelete>>({
  name: "no-force-delete-in-production",
  severity: "critical",
  description: "Nothing in a production stack may be deleted with its images.",
  types: [
    "dtr:Organization",
    "dtr:Repository",
    "dtr:User",
    "oci:Repository",
    "registryui:Project",
    "selectel:Registry",
    "selectel:Repository",
  ],
  messages,
  remediation: "Sets `forceDelete` to false.",
  settings: z.strictObject({
    stacks: patterns("Names of production stacks, as globs.", ["prod*", "*[-_.]{prod,production}", "*[-_.]{prod,production}[-_.]*"]),
  }),
  judge({ stacks }) {
    const isProduction = inList(stacks, "no-force-delete-in-production: stacks");
    return (subject) => {
      if (!isProduction(subject.stack)) return;
      subject.when({ forceDelete: flag }, ({ forceDelete }) => {
        if (forceDelete) subject.violates(messages.force, {}, { forceDelete: false });
      });
    };
  },
});
