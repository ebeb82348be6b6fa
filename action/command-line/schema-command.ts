import { Argument, type Command } from "commander";
import type * as PolicySchema from "../../provider/cleanup/policy/schema";
import type * as PlanSchema from "../../provider/cleanup/run/plan-schema";
import { exitCodes } from "./exit-codes";
import type { Run } from "./program";

export function addSchemaCommand(program: Command, run: Run): void {
  program
    .command("schema")
    .description("Print the JSON schema of policy files or of plans.")
    .addArgument(
      new Argument("[of]", "policy: of cleanup policies. plan: of the lines of a plan. (default: policy)").choices(["policy", "plan"]),
    )
    .addHelpText("after", help)
    .action((of: "policy" | "plan" | undefined) =>
      run(async (_, terminal) => {
        await terminal.piece(`${JSON.stringify(schemaOf(of ?? "policy"), null, 2)}\n`);
        return exitCodes.done;
      }),
    );
}

/** Loaded when it is asked for: schemas need all of the parsers. */
function schemaOf(of: "policy" | "plan"): unknown {
  if (of === "policy") return (require("../../provider/cleanup/policy/schema") as typeof PolicySchema).policySchema();
  return (require("../../provider/cleanup/run/plan-schema") as typeof PlanSchema).planSchema();
}

const help = `
Examples:
  # For editors: put this above a policy file
  #   # yaml-language-server: $schema=./policy.schema.json
  registry-as-code schema policy > policy.schema.json

  registry-as-code schema plan > plan.schema.json`;
