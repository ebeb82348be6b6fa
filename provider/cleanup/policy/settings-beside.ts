import type { Policy } from "./policy";
import { PolicyError } from "./policy-error";
import { policySettings, type Settings, settingNames } from "./policy-settings";
import type { PolicyFile } from "./schema";
import { type Spelling, spelt } from "./spelling";
import type { Places } from "./yaml-places";

export interface Beside {
  readonly settings?: Settings;
  readonly spelling?: Spelling;
}

/** Guards and bounds of a policy file: its own, else those from beside it. Throws PolicyError where the two contradict each other. */
export function settingsOf(
  file: PolicyFile,
  { settings: beside = {}, spelling }: Beside,
  places: Places,
): ReturnType<typeof policySettings> {
  const name = (key: string) => (key in file ? places.of([key]) : spelt(key, spelling));
  const own = ownSettings(file);
  const ours = policySettings(own, name);
  const theirs = policySettings(beside, (key) => spelt(key, spelling));
  const standard = policySettings({});
  for (const key of settingNames) {
    if (file[key] === undefined || beside[key] === undefined) continue;
    const [here, there, usual] = [ours, theirs, standard].map((settings) => JSON.stringify(settingOf(settings, key)));
    if (there === here || there === usual) continue; // inputs of an action say the default where nobody has set them
    throw new PolicyError(
      places.of([key]),
      `the policy says ${here} and ${spelt(key, spelling)} beside it says ${there}. Say it in one place.`,
    );
  }
  return policySettings({ ...pick(beside), ...own }, name);
}

function ownSettings({ minAge, maxDeletions, minKeep, maxDeletionsPercent, artifactTypes, allowPlaceholderUntag }: PolicyFile): Settings {
  const age = minAge === undefined ? undefined : String(minAge);
  return pick({ minAge: age, maxDeletions, minKeep, maxDeletionsPercent, artifactTypes, allowPlaceholderUntag });
}

/** The settings out of what may hold more; those that are not given are not there at all, so that they hide no others. */
function pick(from: { readonly [Key in keyof Settings]: Settings[Key] | undefined }): Settings {
  return Object.fromEntries(settingNames.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])));
}

function settingOf(
  settings: Pick<Policy, "bounds" | "minAge" | "minKeep" | "artifactTypes" | "allowPlaceholderUntag">,
  key: (typeof settingNames)[number],
): unknown {
  return key === "maxDeletions" || key === "maxDeletionsPercent" ? settings.bounds[key] : settings[key];
}
