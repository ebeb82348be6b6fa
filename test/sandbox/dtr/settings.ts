/** `responses.Settings`: all but the TLS key, which is only written. */
export type Settings = Readonly<Record<string, unknown>>;

type Kind = "string" | "boolean" | "number";

/** What may be set, and its kind. */
const writable: Readonly<Record<string, Kind>> = {
  dtrHost: "string",
  sso: "boolean",
  createRepositoryOnPush: "boolean",
  disableUpgrades: "boolean",
  reportAnalytics: "boolean",
  anonymizeAnalytics: "boolean",
  disableBackupWarning: "boolean",
  webTLSCert: "string",
  webTLSKey: "string",
  webTLSCA: "string",
  scanningEnabled: "boolean",
  scanningSyncOnline: "boolean",
  scanningDeadline: "number",
  scanningEnableAutoRecheck: "boolean",
  jobHistoryCompactionEnabled: "boolean",
  jobHistoryToKeep: "number",
  jobHistoryMaxAge: "string",
  repoEventHistoryCompactionEnabled: "boolean",
  repoEventHistoryToKeep: "number",
  repoEventHistoryMaxAge: "string",
  readOnlyRegistry: "boolean",
};

/** Since 2.7. */
const writableSince27: Readonly<Record<string, Kind>> = {
  webTLSClientCA: "string",
  clientCertAuthEnabled: "boolean",
  disablePersistentCookies: "boolean",
};

/** The settings of a fresh installation. */
export function freshSettings({ version, replica }: { readonly version: string; readonly replica: string }): Settings {
  return {
    dtrHost: "",
    sso: false,
    createRepositoryOnPush: false,
    disableUpgrades: false,
    reportAnalytics: true,
    anonymizeAnalytics: false,
    disableBackupWarning: false,
    webTLSCert: "",
    webTLSCA: "",
    scanningEnabled: true,
    scanningSyncOnline: false,
    scanningDeadline: 0,
    scanningEnableAutoRecheck: false,
    jobHistoryCompactionEnabled: false,
    jobHistoryToKeep: 0,
    jobHistoryMaxAge: "",
    repoEventHistoryCompactionEnabled: false,
    repoEventHistoryToKeep: 0,
    repoEventHistoryMaxAge: "",
    readOnlyRegistry: false,
    ...(version !== "2.6" && { webTLSClientCA: "", clientCertAuthEnabled: false, disablePersistentCookies: false }),
    replicaSettings: { [replica]: { HTTPPort: 80, HTTPSPort: 443, node: "sandbox" } },
    httpProxy: "",
    httpsProxy: "",
    noProxy: "",
    logProtocol: "internal",
    logHost: "",
    logLevel: "INFO",
    replicaID: replica,
    storageVolume: "",
    nfsHost: "",
    nfsPath: "",
  };
}

/**
 * What a form changes. Keys that a version does not know are ignored, as unknown keys are everywhere; throws a sentence on a value of the wrong
 * kind or a number below zero.
 */
export function changedSettings(given: Readonly<Record<string, unknown>>, version: string): Settings {
  const known = version === "2.6" ? writable : { ...writable, ...writableSince27 };
  const changes: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(known)) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== kind) throw new Error(`${name} must be a ${kind}.`);
    if (typeof value === "number" && (value < 0 || !Number.isInteger(value))) throw new Error(`${name} must be a whole number from 0 on.`);
    if (name !== "webTLSKey") changes[name] = value;
  }
  return changes;
}
