/** JSON schemas that are published for editors and other tools, as they should be. */

import { policySchema } from "../../provider/cleanup/policy/schema";
import { planSchema } from "../../provider/cleanup/run/plan-schema";

export interface SchemaFile {
  /** Path in the repository and in the package. */
  readonly file: string;
  readonly text: string;
}

export function schemaFiles(): readonly SchemaFile[] {
  return Object.entries({ "schemas/policy.schema.json": policySchema(), "schemas/plan.schema.json": planSchema() }).map(
    ([file, schema]) => ({
      file,
      text: `${JSON.stringify(schema, null, 2)}\n`,
    }),
  );
}
