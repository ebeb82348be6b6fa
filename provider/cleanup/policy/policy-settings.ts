import type { ArtifactKind } from "../../registries/image-registry";
import { parseDuration } from "./age";
import type { KeepList, Policy } from "./policy";
import { PolicyError } from "./policy-error";

/** What holds for every rule: guards and bounds. These may stand beside a policy that does not set them itself. */
export interface Settings {
  /** Nothing younger goes, whatever the rules say. Default `24h`; `0` lifts the guard. */
  readonly minAge?: string;
  /** So many of the newest tagged roots of each repository stay whatever the rules say. Default 1. */
  readonly minKeep?: number;
  /** More root digests and removed tags in one run stop it before the first deletion. Default 1000. */
  readonly maxDeletions?: number;
  /** More than so many percent of the tagged roots of any one repository stop the run before the first deletion. Default 50. */
  readonly maxDeletionsPercent?: number;
  /** Kinds that may go: `image`, `helm`, `other`, or `any`; one by one, or as a text divided by commas. Default `image`. */
  readonly artifactTypes?: string | readonly string[];
  /** Remove a doomed tag of a kept digest by way of a placeholder manifest where the server has no other way. Default false. */
  readonly allowPlaceholderUntag?: boolean;
}

type Resolved = Pick<Policy, "minAge" | "minKeep" | "bounds" | "artifactTypes" | "allowPlaceholderUntag">;

/** What holds where nothing else is said. Durations in milliseconds. */
export const defaults: Resolved = {
  minAge: 24 * 3_600_000,
  minKeep: 1,
  bounds: { maxDeletions: 1_000, maxDeletionsPercent: 50 },
  artifactTypes: ["image"],
  allowPlaceholderUntag: false,
};

/** Nothing is kept beyond what the rules keep. */
export const noKeepList: KeepList = { digests: [], references: [] };

export const settingNames = ["minAge", "minKeep", "maxDeletions", "maxDeletionsPercent", "artifactTypes", "allowPlaceholderUntag"] as const;

/** Settings as a policy has them. Throws PolicyError; `name` gives a setting's name as the reader has written it. */
export function policySettings(settings: Settings, name: (key: keyof Settings) => string = (key) => key): Resolved {
  const { minAge, artifactTypes } = settings;
  return {
    minAge: minAge === undefined || minAge.trim() === "" ? defaults.minAge : parseDuration(minAge, name("minAge")),
    minKeep: whole(settings.minKeep ?? defaults.minKeep, name("minKeep")),
    bounds: {
      maxDeletions: whole(settings.maxDeletions ?? defaults.bounds.maxDeletions, name("maxDeletions")),
      maxDeletionsPercent: percent(settings.maxDeletionsPercent ?? defaults.bounds.maxDeletionsPercent, name("maxDeletionsPercent")),
    },
    artifactTypes: artifactTypes === undefined ? defaults.artifactTypes : kinds(artifactTypes, name("artifactTypes")),
    allowPlaceholderUntag: settings.allowPlaceholderUntag ?? defaults.allowPlaceholderUntag,
  };
}

function whole(value: number, where: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new PolicyError(where, `${value} is not possible: give a whole number from 0 on.`);
  return value;
}

function percent(value: number, where: string): number {
  if (!(value >= 0 && value <= 100)) throw new PolicyError(where, `${value} is not a percentage: give a number from 0 to 100.`);
  return value;
}

const known: readonly ArtifactKind[] = ["image", "helm", "other"];

function kinds(given: string | readonly string[], where: string): readonly ArtifactKind[] | "any" {
  const words = (typeof given === "string" ? given.split(/[,\r\n]/) : given).map((word) => word.trim()).filter((word) => word !== "");
  if (words.length === 0) return defaults.artifactTypes;
  if (words.length === 1 && words[0] === "any") return "any";
  const found = words.map((word) => {
    const kind = known.find((one) => one === word);
    if (kind !== undefined) return kind;
    if (word === "any") throw new PolicyError(where, "any stands alone: it includes all other kinds. Remove the others.");
    throw new PolicyError(where, `${JSON.stringify(word)} is no kind of artifact: write image, helm, other, several of them, or any.`);
  });
  return [...new Set(found)];
}
