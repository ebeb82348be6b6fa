import { z } from "zod";
import { flag, list, optional, text, time } from "./shape";

/** One line of the Dockerfile that an image was built from, as its config tells. */
export interface DockerfileLine {
  readonly line: string;
  readonly layerDigest: string;
  /** Bytes. */
  readonly size?: number;
  readonly isEmpty: boolean;
  readonly mediaType?: string;
  readonly urls: readonly string[];
}

/** A manifest as the API describes it. Not the manifest itself: that is `/v2`'s. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType?: string;
  readonly configDigest?: string;
  readonly configMediaType?: string;
  readonly os?: string;
  readonly osVersion?: string;
  readonly architecture?: string;
  readonly author?: string;
  /** Bytes. */
  readonly size?: number;
  readonly createdAt?: string;
  readonly dockerfile: readonly DockerfileLine[];
}

/** Where a tag was promoted from. */
export interface Promotion {
  readonly promotionPolicyID: string;
  /** `namespace/name`. */
  readonly sourceRepository: string;
  readonly sourceTag: string;
  /** The API's member `string`: a digest, probably. */
  readonly digest?: string;
}

/** Where a tag was mirrored from or to. */
export interface Mirroring {
  readonly mirroringPolicyID: string;
  readonly digest: string;
  readonly remoteRepository: string;
  readonly remoteTag: string;
}

/** A tag, as lists give it. */
export interface ListedTag {
  readonly name: string;
  readonly digest: string;
  /** Id of the user who pushed it. */
  readonly author: string;
  readonly createdAt?: string;
  /** When it was last pushed. */
  readonly updatedAt?: string;
  /** The signed digest is another than the tag's. */
  readonly hashMismatch: boolean;
  /** Signed: cannot be deleted until its trust data is removed. */
  readonly inNotary: boolean;
  /** With few members unless `includeManifests` was asked for. */
  readonly manifest?: Manifest;
  readonly mirroring?: Mirroring;
  readonly promotion?: Promotion;
}

/** What a scan counted. */
export interface VulnerabilityCounts {
  /** Score 7.0 and more. */
  readonly critical: number;
  /** Score 4.0 to 6.9. */
  readonly major: number;
  readonly minor: number;
}

/** A tag, as it is asked for alone. */
export interface Tag extends ListedTag {
  /** As the server tells it; of servers that scan. */
  readonly vuln_summary?: VulnerabilityCounts & {
    /** 0 failed, 1 unscanned, 2 scanning, 3 pending, 4 scanned but not checked, 5 checking, 6 completed. */
    readonly last_scan_status?: number;
    readonly check_completed_at?: string;
    readonly should_rescan?: boolean;
    readonly has_foreign_layers?: boolean;
  };
  readonly licenses: readonly { readonly name: string; readonly url: string; readonly type: string }[];
  readonly components: readonly TagComponent[];
}

/** Software that a scan found in an image. */
export interface TagComponent {
  readonly name: string;
  readonly version: string;
  readonly vulnCount?: VulnerabilityCounts;
  readonly filepaths: readonly string[];
}

/** A tag as the test of a pruning policy gives it. */
export interface ThinTag {
  readonly name: string;
  readonly digest: string;
}

const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const counts = { critical: number, major: number, minor: number };

const DockerfileLine: z.ZodType<DockerfileLine> = z.object({
  line: text,
  layerDigest: text,
  size: optional(z.number()),
  isEmpty: flag,
  mediaType: optional(z.string()),
  urls: list(z.string()),
});

export const Manifest: z.ZodType<Manifest> = z.object({
  digest: z.string(),
  mediaType: optional(z.string()),
  configDigest: optional(z.string()),
  configMediaType: optional(z.string()),
  os: optional(z.string()),
  osVersion: optional(z.string()),
  architecture: optional(z.string()),
  author: optional(z.string()),
  size: optional(z.number()),
  createdAt: time,
  dockerfile: list(DockerfileLine),
});

export const Promotion: z.ZodType<Promotion> = z
  .object({ promotionPolicyID: text, sourceRepository: text, sourceTag: text, string: optional(z.string()) })
  .transform(({ string, ...rest }) => ({ ...rest, ...(string && { digest: string }) }));

export const Mirroring: z.ZodType<Mirroring> = z.object({
  mirroringPolicyID: text,
  digest: text,
  remoteRepository: text,
  remoteTag: text,
});

const listed = {
  name: z.string(),
  digest: z.string(),
  author: text,
  createdAt: time,
  updatedAt: time,
  hashMismatch: flag,
  inNotary: flag,
  manifest: optional(Manifest),
  mirroring: optional(Mirroring),
  promotion: optional(Promotion),
};
export const ListedTag: z.ZodType<ListedTag> = z.object(listed);

const TagComponent: z.ZodType<TagComponent> = z.object({
  name: text,
  version: text,
  vulnCount: optional(z.object(counts)),
  filepaths: list(z.string()),
});

export const Tag: z.ZodType<Tag> = z.object({
  ...listed,
  vuln_summary: optional(
    z.object({
      ...counts,
      last_scan_status: optional(z.number()),
      check_completed_at: time,
      should_rescan: optional(z.boolean()),
      has_foreign_layers: optional(z.boolean()),
    }),
  ),
  licenses: list(z.object({ name: text, url: text, type: text })),
  components: list(TagComponent),
});

export const ThinTag: z.ZodType<ThinTag> = z.object({ name: z.string(), digest: text });
