import { isFateUnknown, RegistryError } from "../../http";
import type { DtrClient } from "../../registries/dtr";
import { type Context, remaining } from "../declaration";
import { Incomplete } from "../failure";
import { isOurs, released, remembered } from "./put-back";
import {
  certificate,
  held,
  isKey,
  keysOf,
  restarts,
  type SettingKey,
  type SettingValue,
  type SettingValues,
  sameSetting,
  settingsAmong,
} from "./setting-keys";

/** What a resource manages, and what that was before. */
export interface Applied {
  readonly managed: SettingValues;
  readonly previous: SettingValues;
}

/** What these keys hold. The secret key is not among them: no answer shows it. */
export async function currentSettings(context: Context<DtrClient>, keys: readonly SettingKey[]): Promise<SettingValues> {
  const settings = await look(context);
  return settingsAmong(Object.fromEntries(keys.map((key) => [key, held(settings, key)])));
}

/**
 * Sets what is declared where it differs, puts back what is no longer declared, and gives what is to be remembered. Looks again afterwards, so that a
 * setting which the server does not know is an error and no silent wish. `note` is told, before anything is sent, what is to be remembered. What may have changed something is kept in the state with what was there before.
 */
export async function applySettings(
  context: Context<DtrClient>,
  declared: SettingValues,
  before: Applied,
  note?: (previous: SettingValues) => void,
): Promise<{ previous: Record<string, SettingValue> }> {
  const current = await look(context);
  const keys = keysOf(declared);
  const found = remembered<SettingValue>(
    keys,
    { managed: keysOf(before.managed), previous: withoutUndefined(before.previous) },
    Object.fromEntries(keys.map((key) => [key, held(current, key)])),
  );
  const withKey = declared.webTLSKey !== undefined;
  // A certificate whose key is not known can never be put back.
  const previous = withKey ? Object.fromEntries(Object.entries(found).filter(([key]) => !isCertificate(key))) : found;
  const gone = settingsAmong(released(keys, withoutUndefined(before.previous)));
  const back = toPutBack(context, { managed: before.managed, previous: gone }, current);
  if (before.managed.webTLSKey !== undefined && !withKey) context.log(keptCertificate);
  const changes = { ...back, ...certified(declared, differing(declared, current), before.managed.webTLSKey) };
  if (keysOf(changes).length === 0) return { previous };

  const kept = (reasons: string[]) =>
    // The key counts as not sent: the next `up` sends it again.
    new Incomplete(context.client.url, { previous, ...(changes.webTLSKey !== undefined && { webTLSKey: "" }) }, reasons);
  note?.(previous);
  const lost = await send(context, changes);
  let after: SettingValues;
  try {
    after = await (restarts(changes) || lost ? lookWhenBack(context) : look(context));
  } catch (error) {
    throw kept([`the settings were sent, and then they could not be read: ${messageOf(error)}`]);
  }
  const missing = keysOf(differing(changes, after));
  if (lost && (missing.length > 0 || changes.webTLSKey !== undefined)) throw kept([lost.message]);
  const unknown = missing.filter((key) => !(key in after));
  if (unknown.length > 0) {
    throw kept([`the server took ${unknown.join(", ")} and does not show it: its version has no such setting. Take it out of the program`]);
  }
  return { previous };
}

/** Puts back what was found, where it differs and holds what was declared. */
export async function putBackSettings(context: Context<DtrClient>, { managed, previous }: Applied): Promise<void> {
  if (managed.webTLSKey !== undefined) context.log(keptCertificate);
  const changes = toPutBack(context, { managed, previous }, await look(context));
  if (keysOf(changes).length === 0) return;
  const lost = await send(context, changes);
  if (!lost && !restarts(changes)) return;
  if (keysOf(differing(changes, await lookWhenBack(context))).length > 0 && lost) throw lost;
}

/** Those values from before that the server does not have, and nobody else changed since. */
function toPutBack(context: Context<DtrClient>, { managed, previous }: Applied, current: SettingValues): SettingValues {
  const isStillOurs = (key: SettingKey) => isOurs(context, `dtr:Settings ${key}`, sameSetting(key, managed[key], held(current, key)));
  return settingsAmong(Object.fromEntries(Object.entries(differing(previous, current)).filter(([key]) => isKey(key) && isStillOurs(key))));
}

const keptCertificate =
  "dtr:Settings: the TLS key from before cannot be read and so cannot be put back: webTLSCert, webTLSKey and webTLSCA stay as they are";

const isCertificate = (name: string): boolean => certificate.some((key) => key === name);

/** Those values that the server does not have. */
const differing = (wanted: SettingValues, current: SettingValues): SettingValues =>
  settingsAmong(Object.fromEntries(keysOf(wanted).flatMap((key) => (isHeld(wanted, current, key) ? [] : [[key, wanted[key]]]))));

const isHeld = (wanted: SettingValues, current: SettingValues, key: SettingKey): boolean =>
  key === "webTLSKey" || sameSetting(key, wanted[key], held(current, key));

/** A key is sent when it is another one or its certificate is, and always with all that is declared of its certificate. */
function certified(declared: SettingValues, changes: SettingValues, lastKey: SettingValue | undefined): SettingValues {
  const { webTLSKey } = declared;
  if (webTLSKey === undefined || (webTLSKey === lastKey && !keysOf(changes).some(isCertificate))) return changes;
  return { ...changes, ...Object.fromEntries(Object.entries(declared).filter(([name]) => isCertificate(name))) };
}

const look = async ({ client, signal }: Context<DtrClient>): Promise<SettingValues> =>
  settingsAmong(await client.meta.getSettings({}, { signal }));

/** Gives the error after which nobody knows whether it took effect. */
async function send({ client, signal }: Context<DtrClient>, values: SettingValues): Promise<RegistryError | undefined> {
  try {
    await client.meta.updateSettings(values, { signal });
    return undefined;
  } catch (error) {
    if (isFateUnknown(error)) return error;
    throw error;
  }
}

const PAUSE = 2_000;

/** The settings, once the front end has started anew. */
async function lookWhenBack(context: Context<DtrClient>): Promise<SettingValues> {
  const { deadline, signal, clock } = remaining(context);
  const end = clock.now() + deadline;
  for (;;) {
    try {
      return await look(context);
    } catch (error) {
      if (!isAway(error) || signal.aborted || clock.now() + PAUSE >= end) throw error;
      await clock.sleep(PAUSE, signal);
    }
  }
}

/** No connection, or a proxy in its place. A certificate that is not trusted does not become so by waiting. */
function isAway(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  if (error.kind === "status") return [502, 503, 504].includes(error.status ?? 0);
  return (error.kind === "connection" || error.kind === "timeout" || error.kind === "answer") && !/certificate/i.test(error.problem ?? "");
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const withoutUndefined = (values: SettingValues): Record<string, SettingValue> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, SettingValue] => entry[1] !== undefined));
