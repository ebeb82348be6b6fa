import type {
  Alert,
  ClusterStatus,
  ContentCache,
  DtrClient,
  Features,
  Health,
  RemoteRegistryCheck,
  ServerVersion,
  Settings,
} from "../../../registries/dtr";
import { readFunction } from "../../functions";
import { dtr } from "../module";
import { unlessGone } from "../unless-gone";

const alerts = readFunction(
  "getAlerts",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<Alert[]> => [...(await client.meta.alerts({}, { signal }))],
);
/** What administrators should know. Needs one. */
export const getAlerts = alerts.plain;
export const getAlertsOutput = alerts.output;

const clusterStatus = readFunction(
  "getClusterStatus",
  dtr,
  (client: DtrClient, _args: Record<never, never>, signal): Promise<ClusterStatus> => client.meta.clusterStatus({}, { signal }),
);
/** Health of the replicas and of the database. Needs an administrator. */
export const getClusterStatus = clusterStatus.plain;
export const getClusterStatusOutput = clusterStatus.output;

const features = readFunction(
  "getFeatures",
  dtr,
  (client: DtrClient, _args: Record<never, never>, signal): Promise<Features> => client.meta.features({}, { signal }),
);
/** What is on and licensed: scanning, promotion, mirroring. */
export const getFeatures = features.plain;
export const getFeaturesOutput = features.output;

const settings = readFunction("getSettings", dtr, async (client: DtrClient, _args: Record<never, never>, signal): Promise<Settings> => {
  const { httpProxy, httpsProxy, ...found } = await client.meta.getSettings({}, { signal });
  return {
    ...found,
    ...(httpProxy !== undefined && { httpProxy: withoutUser(httpProxy) }),
    ...(httpsProxy !== undefined && { httpsProxy: withoutUser(httpsProxy) }),
  };
});

/** A proxy's address may hold its password. */
const withoutUser = (address: string): string => address.replace(/^([^/]*\/\/)?.*@/, "$1***@");

/** All settings of the registry; the TLS key is in no answer, and credentials of proxies are shown as `***`. Needs an administrator. */
export const getSettings = settings.plain;
export const getSettingsOutput = settings.output;

const health = readFunction(
  "getHealth",
  dtr,
  (client: DtrClient, _args: Record<never, never>, signal): Promise<Health> => client.service.health({}, { signal }),
);
/** Whether the replica that answers is well. */
export const getHealth = health.plain;
export const getHealthOutput = health.output;

const version = readFunction(
  "getVersion",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<ServerVersion> =>
    (await unlessGone(client.service.docs({}, { signal }))) ?? client.service.adminVersion({}, { signal }),
);
/** The version of the registry, as it describes its own API. Needs no login. */
export const getVersion = version.plain;
export const getVersionOutput = version.output;

const certificateAuthority = readFunction(
  "getCertificateAuthority",
  dtr,
  (client: DtrClient, _args: Record<never, never>, signal): Promise<string> => client.service.ca({}, { signal }),
);
/** The certificate of the registry's own authority, as PEM: what its clients have to trust. Needs no login. */
export const getCertificateAuthority = certificateAuthority.plain;
export const getCertificateAuthorityOutput = certificateAuthority.output;

const contentCaches = readFunction(
  "getContentCaches",
  dtr,
  async (client: DtrClient, _args: Record<never, never>, signal): Promise<ContentCache[]> => [
    ...(await client.contentCaches.list({}, { signal })),
  ],
);
/** The content caches that users can choose. */
export const getContentCaches = contentCaches.plain;
export const getContentCachesOutput = contentCaches.output;

const contentCache = readFunction(
  "getContentCache",
  dtr,
  (
    client: DtrClient,
    {
      contentCacheId,
    }: {
      /** UUID of the cache. */
      contentCacheId: string;
    },
    signal,
  ): Promise<ContentCache> => client.contentCaches.get({ id: contentCacheId }, { signal }),
);
/** One content cache; an error if there is none. */
export const getContentCache = contentCache.plain;
export const getContentCacheOutput = contentCache.output;

/** Another registry, and how to log in there. */
export interface RemoteRegistryArgs {
  /** Its address: `https://registry.example.com`. */
  remoteHost: string;
  /** A repository there: `namespace/repository`. */
  remoteRepository: string;
  /** Certificate authorities to trust, PEM. Default: those of the server. */
  remoteCa?: string;
  /** Trust any certificate. Default `false`. */
  skipTlsVerification?: boolean;
  /** Name of a user there. */
  username?: string;
  /** The user's password. Secret: from a plain call it reaches the server only, and is in no message. */
  password?: string;
  /** A token in place of name and password. Secret, too. */
  authToken?: string;
}

const remoteRegistry = readFunction(
  "checkRemoteRegistry",
  dtr,
  (client: DtrClient, { remoteCa, skipTlsVerification, ...args }: RemoteRegistryArgs, signal): Promise<RemoteRegistryCheck> =>
    client.remote.checkRegistry(
      {
        ...args,
        ...(remoteCa !== undefined && { remoteCA: remoteCa }),
        ...(skipTlsVerification !== undefined && { skipTLSVerification: skipTlsVerification }),
      },
      { signal },
    ),
);
/** Tries a login at another registry, as mirroring does, and tells what it may do there. An error if it is refused. Nothing is changed. */
export const checkRemoteRegistry = remoteRegistry.plain;
export const checkRemoteRegistryOutput = remoteRegistry.output;
