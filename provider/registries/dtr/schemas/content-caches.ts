import { z } from "zod";
import { text } from "./shape";

/** A cache that users can choose to pull through. */
export interface ContentCache {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  /** Its address: `https://cache.example.com`. */
  readonly host: string;
}

export const ContentCache: z.ZodType<ContentCache> = z.object({ id: z.string().min(1), name: text, host: text });
