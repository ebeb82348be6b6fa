import { type OperationLine, operationLines } from "./dtr-operations";

/** Why no resource and no function uses an operation. */
export const scriptsOnly: Readonly<Record<string, string>> = {
  "repositories.toggleScanOnPush": "changes all repositories at once; `dtr.Repository` has `scanOnPush`",
  "manifests.delete": "deprecated, and gone from some servers; cleanup removes tags",
  "mirroringPolicies.deleteMany": "many at once; each policy is a resource",
  "accounts.deleteRepositories": "deprecated, and gone from some servers; deletes everything of an owner",
  "apiTokens.deleteMany": "many at once, also those of others; each token is a resource",
  "webhooks.test": "sends a sample to an endpoint; nothing stays",
  "jobs.delete": "takes a job out of the history",
  "jobs.cancel": "ends a job that runs; `dtr.Job` waits for its own",
  "imageScan.scanAll": "all images at once; `dtr.Scan` is for one",
  "imageScan.updateDatabase": "uploads a file of some gigabytes; `dtr.Settings` has `scanningSyncOnline`",
  "enzi.groupLink.set": "what its configuration has is not published",
  "service.token": "gives a secret; the client for `/v2` asks for it by itself",
};

export const FILE = "provider/dtr-operations.md";

/** The page as it should be. */
export function dtrOperationsPage(): string {
  const all = operationLines();
  const published = all.filter(({ route }) => route.includes("/api/v0/") && !beside.includes(route));
  const others = all.filter((line) => !published.includes(line));
  return `# Docker Trusted Registry, operation by operation

<!-- Generated from the sources by \`npm run docs\`. A test fails when it is stale. -->

Every operation has a method of the client (\`connectDtr\` of \`registry-as-code/dtr\`). The last column says which resources and functions
([reference](README.md#dtr)) and which actions use it; for the few that are for scripts alone, it says why.

## The ${published.length} operations of the API

${table(published)}

## Accounts, and what the server answers beside the API

${table(others)}
`;
}

/** Not in the published list. */
const beside = ["GET /api/v0/docs.json", "GET /api/v0/admin/version"];

const table = (lines: readonly OperationLine[]): string =>
  ["| operation | method | used by |", "| --- | --- | --- |", ...lines.map(row)].join("\n");

const row = ({ route, method, users }: OperationLine): string =>
  `| \`${route}\` | \`${method}\` | ${users.length > 0 ? users.map((user) => (user.startsWith("dtr.") ? `\`${user}\`` : user)).join(", ") : `scripts: ${scriptsOnly[method] ?? ""}`} |`;
