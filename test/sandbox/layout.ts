import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fixture } from "./images";

/** Writes an OCI image layout that other clients can copy from: `skopeo copy oci:<directory>:<name> …`. */
export function writeLayout(directory: string, images: Readonly<Record<string, Fixture>>): void {
  mkdirSync(join(directory, "blobs", "sha256"), { recursive: true });
  writeFileSync(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const manifests = Object.entries(images).map(([name, fixture]) => {
    writeContents(directory, fixture);
    return { ...fixture.descriptor, annotations: { "org.opencontainers.image.ref.name": name } };
  });
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
}

function writeContents(directory: string, { digest, bytes, blobs, children }: Fixture): void {
  for (const child of children) writeContents(directory, child);
  for (const blob of [...blobs, { digest, bytes }]) writeFileSync(join(directory, "blobs", ...blob.digest.split(":")), blob.bytes);
}
