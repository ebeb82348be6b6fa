import { z } from "zod";
import { flag, text, time } from "./shape";
import { filled } from "./values";

/** A subscription: what happens at `key` is posted to `endpoint`. */
export interface Webhook {
  /** 64 hexadecimal digits in the vendor's samples. An identical subscription may get the same. */
  readonly id: string;
  /** `TAG_PUSH`, `SCAN_COMPLETED`, …: an open list. */
  readonly type: string;
  /** `namespace` or `namespace/repository`; empty: everything. */
  readonly key: string;
  readonly endpoint: string;
  /** Id of the user who made it. */
  readonly authorID?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** RFC 3339; absent: never. */
  readonly lastSuccessfulAt?: string;
  readonly inactive: boolean;
  /** PEM; empty: the authorities that the server trusts. */
  readonly tlsCert: string;
  readonly skipTLSVerification: boolean;
}

export const Webhook: z.ZodType<Webhook> = z.object({
  id: z.string().min(1),
  type: text,
  key: text,
  endpoint: text,
  authorID: filled,
  createdAt: time,
  lastSuccessfulAt: time,
  inactive: flag,
  tlsCert: text,
  skipTLSVerification: flag,
});
