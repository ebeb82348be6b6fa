/** The types that DTR 2.6 and 2.7 publish. Newer servers know more. */
const types: readonly string[] = [
  "TAG_PUSH",
  "TAG_PULL",
  "TAG_DELETE",
  "PROMOTION",
  "PUSH_MIRRORING",
  "POLL_MIRRORING",
  "MANIFEST_PUSH",
  "MANIFEST_PULL",
  "MANIFEST_DELETE",
  "REPO_EVENT",
  "SCAN_COMPLETED",
  "SCAN_FAILED",
  "SCANNER_UPDATE_COMPLETED",
];

/** What happens elsewhere than in a repository: description of DTR 2.6, guide to its webhooks. */
const scopes: Readonly<Record<string, { readonly where: string; readonly fits: (key: string) => boolean }>> = {
  REPO_EVENT: { where: "in a namespace", fits: (key) => !key.includes("/") },
  SCANNER_UPDATE_COMPLETED: { where: "to the registry as a whole (key: empty)", fits: (key) => key === "" },
};

/** Says so if a type does not fit its place, or is not among the published ones: perhaps misspelt, perhaps of a newer server, which judges. */
export function warnOfType({ type, key }: { readonly type: string; readonly key: string }, log: (line: string) => void): void {
  if (types.includes(type)) {
    const scope = scopes[type];
    if (scope && !scope.fits(key)) log(`dtr:Webhook: ${type} happens ${scope.where}, so at ${JSON.stringify(key)} it may never happen`);
    return;
  }
  const near = types.find((name) => name.toLowerCase() === type.toLowerCase().replaceAll("-", "_"));
  log(
    `dtr:Webhook: ${type} is no published type of event${near ? `: ${near} is` : `, which are ${types.join(", ")}`}; the server will tell`,
  );
}
