import { z } from "zod";
import { count, flag, map, text } from "./shape";
import { filled, unlessErrors } from "./values";

/** Something that an administrator should know. */
export interface Alert {
  readonly message: string;
  readonly id?: string;
  readonly class?: string;
  readonly img?: string;
  readonly url?: string;
}

export interface ClusterStatus {
  /** Contents of the database's own status tables. */
  readonly rethinkSystemTables: Readonly<Record<string, unknown>>;
  /** By replica id: `OK`, or what is wrong. */
  readonly replicaHealth: Readonly<Record<string, string>>;
  /** By replica id. */
  readonly replicaTimestamp: Readonly<Record<string, string>>;
  /** By replica id. Not in 3.0. */
  readonly replicaReadonly: Readonly<Record<string, boolean>>;
  /** Undefined: nobody collects garbage. */
  readonly gcLockHolder?: string;
}

/** What is on and licensed. Look here before something of a feature is created. */
export interface Features {
  readonly scanningEnabled: boolean;
  readonly scanningLicensed: boolean;
  readonly promotionLicensed: boolean;
  readonly mirroringLicensed: boolean;
  readonly metadataStoreOptedIn: boolean;
  readonly onlineGCEnabled: boolean;
  /** Of the vulnerability database. */
  readonly dbVersion: number;
  readonly ucpHost?: string;
}

export interface ReplicaSettings {
  readonly HTTPPort?: number;
  readonly HTTPSPort?: number;
  readonly node?: string;
}

/** What can be set. Names as the API has them; 3.0 lost some. */
export interface SettingsForm {
  /** Host name that the registry calls itself. */
  readonly dtrHost?: string;
  readonly sso?: boolean;
  /** A push to a repository that is not there creates it, private. */
  readonly createRepositoryOnPush?: boolean;
  readonly disableUpgrades?: boolean;
  readonly reportAnalytics?: boolean;
  readonly anonymizeAnalytics?: boolean;
  readonly disableBackupWarning?: boolean;
  /** PEM. */
  readonly webTLSCert?: string;
  /** PEM. Secret, never in an answer. */
  readonly webTLSKey?: string;
  /** PEM. */
  readonly webTLSCA?: string;
  readonly scanningEnabled?: boolean;
  /** The vulnerability database is fetched from the vendor. */
  readonly scanningSyncOnline?: boolean;
  /** Unit not documented. */
  readonly scanningDeadline?: number;
  readonly scanningEnableAutoRecheck?: boolean;
  readonly jobHistoryCompactionEnabled?: boolean;
  /** Jobs. */
  readonly jobHistoryToKeep?: number;
  /** A duration. */
  readonly jobHistoryMaxAge?: string;
  readonly repoEventHistoryCompactionEnabled?: boolean;
  /** Events. */
  readonly repoEventHistoryToKeep?: number;
  /** A duration. */
  readonly repoEventHistoryMaxAge?: string;
  readonly readOnlyRegistry?: boolean;
  /** PEM. Since 2.7. */
  readonly webTLSClientCA?: string;
  /** Since 2.7. */
  readonly clientCertAuthEnabled?: boolean;
  /** Since 2.7. */
  readonly disablePersistentCookies?: boolean;
}

/** The settings, as the server has them; keys that are not known here are kept as they come. */
export interface Settings extends Omit<SettingsForm, "webTLSKey"> {
  /** By replica id. */
  readonly replicaSettings?: Readonly<Record<string, ReplicaSettings>>;
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  readonly logProtocol?: string;
  readonly logHost?: string;
  readonly logLevel?: string;
  readonly replicaID?: string;
  readonly storageVolume?: string;
  readonly nfsHost?: string;
  readonly nfsPath?: string;
  readonly [key: string]: unknown;
}

export const Alert: z.ZodType<Alert> = z.object({ message: text, id: filled, class: filled, img: filled, url: filled });

export const ClusterStatus: z.ZodType<ClusterStatus> = z
  .object({
    rethink_system_tables: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    replica_health: map(z.string()),
    replica_timestamp: map(z.string()),
    replica_readonly: map(z.boolean()),
    gc_lock_holder: filled,
  })
  .transform((status) => ({
    rethinkSystemTables: status.rethink_system_tables ?? {},
    replicaHealth: status.replica_health,
    replicaTimestamp: status.replica_timestamp,
    replicaReadonly: status.replica_readonly,
    ...(status.gc_lock_holder !== undefined && { gcLockHolder: status.gc_lock_holder }),
  }));

export const Features: z.ZodType<Features> = z
  .object({
    scanningEnabled: z.boolean(),
    scanningLicensed: flag,
    promotionLicensed: flag,
    mirroringLicensed: flag,
    metadataStoreOptedIn: flag,
    onlineGCEnabled: flag,
    db_version: count,
    ucpHost: filled,
  })
  .transform(({ db_version, ucpHost, ...features }) => ({ ...features, dbVersion: db_version, ...(ucpHost !== undefined && { ucpHost }) }));

const string = z.string("must be a text");
const boolean = z.boolean("must be true or false");
const integer = z.number("must be a number").int("must be a whole number");
/** Every setting of 2.6 and 2.7 with its type. */
export const settings = {
  dtrHost: string,
  sso: boolean,
  createRepositoryOnPush: boolean,
  disableUpgrades: boolean,
  reportAnalytics: boolean,
  anonymizeAnalytics: boolean,
  disableBackupWarning: boolean,
  webTLSCert: string,
  webTLSKey: string,
  webTLSCA: string,
  scanningEnabled: boolean,
  scanningSyncOnline: boolean,
  scanningDeadline: integer,
  scanningEnableAutoRecheck: boolean,
  jobHistoryCompactionEnabled: boolean,
  jobHistoryToKeep: integer,
  jobHistoryMaxAge: string,
  repoEventHistoryCompactionEnabled: boolean,
  repoEventHistoryToKeep: integer,
  repoEventHistoryMaxAge: string,
  readOnlyRegistry: boolean,
  webTLSClientCA: string,
  clientCertAuthEnabled: boolean,
  disablePersistentCookies: boolean,
};

const replicaSettings = z.record(
  z.string(),
  z.looseObject({ HTTPPort: z.number().nullish(), HTTPSPort: z.number().nullish(), node: z.string().nullish() }),
);

/** A setting of another type than its version's description says is taken for absent: the rest must stay readable. */
const known = Object.fromEntries(
  Object.entries({ ...settings, replicaSettings }).map(([name, schema]) => [
    name,
    (schema as z.ZodType<unknown>)
      .nullish()
      .catch(undefined)
      .transform((value) => value ?? undefined),
  ]),
);

/** Without `webTLSKey`, even if the server gave it. */
export const Settings: z.ZodType<Settings> = unlessErrors(
  z.looseObject(known).transform(
    ({ webTLSKey: _, ...rest }) =>
      Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== null)) as Settings, // what `known` let through
  ),
);
