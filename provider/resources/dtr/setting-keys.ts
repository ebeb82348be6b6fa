import type { DtrClient } from "../../registries/dtr";
import { sameDuration } from "./same-duration";

/** What can be set, by the names of the API. */
export type SettingsForm = NonNullable<Parameters<DtrClient["meta"]["updateSettings"]>[0]>;
export type SettingKey = keyof SettingsForm;
export type SettingValue = string | boolean | number;

/** Every setting with what a server written in Go has where nothing was set: it may leave such a value out of its answer. */
const unset: { readonly [K in SettingKey]-?: NonNullable<SettingsForm[K]> } = {
  dtrHost: "",
  sso: false,
  createRepositoryOnPush: false,
  disableUpgrades: false,
  reportAnalytics: false,
  anonymizeAnalytics: false,
  disableBackupWarning: false,
  webTLSCert: "",
  webTLSKey: "",
  webTLSCA: "",
  scanningEnabled: false,
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
  webTLSClientCA: "",
  clientCertAuthEnabled: false,
  disablePersistentCookies: false,
};

export type SettingValues = { readonly [K in SettingKey]?: NonNullable<SettingsForm[K]> };

export const isKey = (name: string): name is SettingKey => name in unset;

export const settingKeys: readonly SettingKey[] = Object.keys(unset).filter(isKey);

/** The settings among other properties: those that are there. */
export const settingsAmong = (properties: object): SettingValues =>
  // Values come from the inputs' schema, from the client's, or from state that was made of them: each is of its key's type.
  Object.fromEntries(Object.entries(properties).filter(([name, value]) => isKey(name) && value !== undefined && value !== null));

export const keysOf = (values: SettingValues): SettingKey[] => Object.keys(values).filter(isKey);

/** The keys of a certificate that belong together: putting back one of them without the secret key would leave a front end that cannot start. */
export const certificate: readonly SettingKey[] = ["webTLSCert", "webTLSKey", "webTLSCA"];

/** Whether the front end starts anew when these are set. */
export const restarts = (values: SettingValues): boolean => keysOf(values).some((key) => key.startsWith("webTLS"));

/** What a key holds on the server. The secret key is in no answer, so nothing is known of it. */
export const held = (settings: SettingValues, key: SettingKey): SettingValue | undefined =>
  key === "webTLSKey" ? undefined : (settings[key] ?? unset[key]);

/** Line ends and space around it are no part of a certificate, and a duration is written in several ways. */
export function sameSetting(key: SettingKey, one: unknown, other: unknown): boolean {
  if (typeof one !== "string" || typeof other !== "string") return one === other;
  if (key.endsWith("MaxAge")) return sameDuration(one, other);
  return key.startsWith("webTLS") ? pem(one) === pem(other) : one === other;
}

const pem = (text: string): string => text.replace(/\r\n?/g, "\n").trim();
