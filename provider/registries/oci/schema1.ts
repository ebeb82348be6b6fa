import { z } from "zod";
import { digestSchema } from "./digest";
import type { Descriptor } from "./manifest";

/** Docker's image manifest version 2, schema 1: dead since distribution v3, but old registries still serve it. */
const shape = z.looseObject({
  fsLayers: z
    .array(z.looseObject({ blobSum: digestSchema }))
    .nullish()
    .transform((list) => list ?? []),
});

export function schema1Layers(json: object, fail: (reason: string) => Error): Descriptor[] {
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw fail(z.prettifyError(parsed.error).replace(/\s+/g, " "));
  return parsed.data.fsLayers.map(({ blobSum }) => ({
    mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
    digest: blobSum,
    size: 0,
  }));
}

const jws = z.object({ signatures: z.array(z.object({ protected: z.string() })).min(1) });
const protectedHeader = z.object({ formatLength: z.int().nonnegative(), formatTail: z.string() });

/**
 * What the digest of a signed schema1 manifest is computed from: the document without its signatures. How to cut them out stands in the
 * signature's protected header (distribution-spec of Docker, "Image Manifest V 2, Schema 1", "Signed Manifests"). Undefined if it is not signed.
 */
export function schema1Payload(bytes: Uint8Array): Buffer | undefined {
  try {
    const { signatures } = jws.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
    const { formatLength, formatTail } = protectedHeader.parse(
      JSON.parse(Buffer.from(signatures[0]?.protected ?? "", "base64url").toString("utf8")),
    );
    return Buffer.concat([Buffer.from(bytes).subarray(0, formatLength), Buffer.from(formatTail, "base64url")]);
  } catch {
    return undefined;
  }
}
