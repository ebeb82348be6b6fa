import { z } from "zod";
import type { DtrClient } from "../../registries/dtr";
import type { CommonInputs, Failure } from "../declaration";
import { resource } from "../resource";
import { type Applied, applySettings, currentSettings, putBackSettings } from "./apply-settings";
import { dtr } from "./module";
import { notedBy } from "./put-back";
import { keysOf, sameSetting, settingKeys, settingsAmong } from "./setting-keys";

const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const Noted = z.object({ managed: Values, previous: Values });

/** What a program declares. Only what is given is managed; all the rest is left alone. */
export interface SettingsInputs extends CommonInputs {
  /** Host name by which the registry calls itself. */
  dtrHost?: string;
  /** Single sign-on with UCP or MKE. */
  sso?: boolean;
  /** A push to a repository that does not exist creates it. */
  createRepositoryOnPush?: boolean;
  /** Take the upgrade out of the website. */
  disableUpgrades?: boolean;
  /** Report usage to the vendor. */
  reportAnalytics?: boolean;
  /** Report it without names. */
  anonymizeAnalytics?: boolean;
  /** Do not warn of missing backups. */
  disableBackupWarning?: boolean;
  /** Certificate of the website, PEM. The front end starts anew when it changes. */
  webTLSCert?: string;
  /** Its key, PEM; given with `webTLSCert`. Secret. No answer shows it, so its drift is not noticed and it cannot be put back. */
  webTLSKey?: string;
  /** Certificate authorities of `webTLSCert`, PEM. */
  webTLSCA?: string;
  /** Scan images for vulnerabilities, if the license has it. */
  scanningEnabled?: boolean;
  /** Fetch the vulnerability database from the vendor. */
  scanningSyncOnline?: boolean;
  /** How long a scan may take; the vendor does not document the unit. */
  scanningDeadline?: number;
  /** Check images again when the vulnerability database is new. */
  scanningEnableAutoRecheck?: boolean;
  /** Delete old jobs from the history. */
  jobHistoryCompactionEnabled?: boolean;
  /** How many jobs are kept. */
  jobHistoryToKeep?: number;
  /** How long jobs are kept, for example `720h`. */
  jobHistoryMaxAge?: string;
  /** Delete old events of repositories. */
  repoEventHistoryCompactionEnabled?: boolean;
  /** How many events are kept. */
  repoEventHistoryToKeep?: number;
  /** How long events are kept, for example `720h`. */
  repoEventHistoryMaxAge?: string;
  /** Nobody can push. */
  readOnlyRegistry?: boolean;
  /** Certificate authorities of users' certificates, PEM. Since 2.7. */
  webTLSClientCA?: string;
  /** Users may log in by a certificate. Since 2.7. */
  clientCertAuthEnabled?: boolean;
  /** The website's cookies end with the browser. Since 2.7. */
  disablePersistentCookies?: boolean;
}

/** What the server adds. */
export interface SettingsOutputs {
  /** What the managed settings were before: what destroy puts back. */
  previous: Record<string, string | number | boolean>;
}

/**
 * Settings of the registry. They always exist, so nothing is created: the resource manages the keys that the program declares, remembers what it finds in them,
 * and puts that back when a key is no longer declared or the resource is destroyed, unless somebody else changed the key since. All other keys are left alone. It needs a system administrator.
 *
 * **Two resources must never manage the same key of one server**: each would undo the other's change, and the one that is destroyed last would put back the
 * other's value. Different keys may be managed by different resources and stacks.
 *
 * A TLS key cannot be read, so it cannot be put back either, nor can the certificate that belonged to it: where `webTLSKey` is managed, `webTLSCert`,
 * `webTLSKey` and `webTLSCA` stay as they are when the resource is destroyed. After a change of them the front end starts anew; the resource waits until it
 * answers again.
 *
 * The id is the server's address.
 */
export class Settings extends resource<SettingsInputs, SettingsOutputs, DtrClient>({
  type: "dtr:Settings",
  module: dtr,
  inputs: {
    dtrHost: z.string().optional(),
    sso: z.boolean().optional(),
    createRepositoryOnPush: z.boolean().optional(),
    disableUpgrades: z.boolean().optional(),
    reportAnalytics: z.boolean().optional(),
    anonymizeAnalytics: z.boolean().optional(),
    disableBackupWarning: z.boolean().optional(),
    webTLSCert: z.string().optional(),
    webTLSKey: z.string().min(1, "must not be empty").optional(),
    webTLSCA: z.string().optional(),
    scanningEnabled: z.boolean().optional(),
    scanningSyncOnline: z.boolean().optional(),
    scanningDeadline: z.int().nonnegative("must not be negative").optional(),
    scanningEnableAutoRecheck: z.boolean().optional(),
    jobHistoryCompactionEnabled: z.boolean().optional(),
    jobHistoryToKeep: z.int().nonnegative("must not be negative").optional(),
    jobHistoryMaxAge: z.string().optional(),
    repoEventHistoryCompactionEnabled: z.boolean().optional(),
    repoEventHistoryToKeep: z.int().nonnegative("must not be negative").optional(),
    repoEventHistoryMaxAge: z.string().optional(),
    readOnlyRegistry: z.boolean().optional(),
    webTLSClientCA: z.string().optional(),
    clientCertAuthEnabled: z.boolean().optional(),
    disablePersistentCookies: z.boolean().optional(),
  },
  outputs: { previous: Values },
  secretInputs: ["webTLSKey"],
  secrets: ["previous"],
  rules: ({ webTLSCert, webTLSKey }): Failure[] =>
    webTLSKey !== undefined && webTLSCert === undefined
      ? [{ property: "webTLSCert", reason: "is missing: a TLS key is set together with its certificate" }]
      : [],
  same: {
    webTLSCert: (old, now) => sameSetting("webTLSCert", old, now),
    webTLSCA: (old, now) => sameSetting("webTLSCA", old, now),
    webTLSClientCA: (old, now) => sameSetting("webTLSClientCA", old, now),
    jobHistoryMaxAge: (old, now) => sameSetting("jobHistoryMaxAge", old, now),
    repoEventHistoryMaxAge: (old, now) => sameSetting("repoEventHistoryMaxAge", old, now),
  },
  key: () => "of the registry",

  resume: async () => undefined, // `create` goes on, for it knows what was there before
  async create(context, inputs, attempt) {
    const noted = notedBy(attempt, Noted);
    const before: Applied = { managed: settingsAmong(noted?.managed ?? {}), previous: settingsAmong(noted?.previous ?? {}) };
    const { webTLSKey: _, ...declared } = settingsAmong(inputs); // a note is no place for a secret
    const note = (previous: object) => attempt.note({ managed: declared, previous });
    return { id: context.client.url, outputs: await applySettings(context, settingsAmong(inputs), before, note) };
  },
  async read(context, _id, last) {
    const managed = settingsAmong(last);
    const keys = keysOf(managed);
    const { webTLSKey } = managed;
    // `.get` knows nothing and shows all there is.
    const shown = keys.length === 0 && last.previous === undefined ? settingKeys : keys;
    const current = await currentSettings(context, shown);
    return { ...current, ...(webTLSKey !== undefined && { webTLSKey }), previous: last.previous ?? {} };
  },
  async update(context, _id, inputs, last) {
    const before: Applied = { managed: settingsAmong(last), previous: settingsAmong(last.previous) };
    return applySettings(context, settingsAmong(inputs), before);
  },
  async delete(context, _id, last) {
    await putBackSettings(context, { managed: settingsAmong(last), previous: settingsAmong(last.previous) });
  },
}) {}
