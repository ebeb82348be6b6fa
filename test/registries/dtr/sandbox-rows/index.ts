import type { SandboxRow } from "../sandbox-row";
import { peopleRows } from "./accounts";
import { enziRows } from "./enzi";
import { mirroringRows } from "./mirroring";
import { policyRows } from "./policies";
import { repositoryRows } from "./repositories";
import { scanRows } from "./scans";
import { serverRows } from "./server";
import { serviceRows } from "./services";
import { tagRows } from "./tags";

/** Every operation of the client against the sandbox. */
export const sandboxRows: readonly SandboxRow[] = [
  ...repositoryRows,
  ...tagRows,
  ...policyRows,
  ...mirroringRows,
  ...peopleRows,
  ...enziRows,
  ...serviceRows,
  ...serverRows,
  ...scanRows,
];
