import { digestOf } from "../digest";
import { AMD64, ARM64, DataSet, type ImageTraits, type Traits } from "./data-sets";
import { OCI_MANIFEST } from "./media-types";

const ONE = "application/vnd.example.v1";
const TWO = "application/vnd.example.v2";
const FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar";

function dataSet(name: string, fill: (set: DataSet) => void, traits?: Traits): DataSet {
  const set = new DataSet(name, traits);
  fill(set);
  return set;
}

function images(set: DataSet, traits: ImageTraits = {}) {
  return [AMD64, ARM64].map((platform) => set.image({ ...traits, platform }));
}

function artifacts(set: DataSet, traits: ImageTraits) {
  return [AMD64, ARM64].map((platform) => set.artifact({ ...traits, platform }));
}

/** The kinds of content that a registry takes as it is by default. */
export const KINDS: readonly DataSet[] = [
  dataSet("an image", (set) => set.image({ tag: "image" })),
  dataSet("an image with layers that are not packed", (set) =>
    set.image({ tag: "image", layers: [set.layer({ packed: false }), set.layer({ packed: false })] }),
  ),
  dataSet("a manifest of almost 4 MiB", (set) => {
    const annotations = Object.fromEntries(Array.from({ length: 390 }, (_, at) => [`large-annotation-${at}`, "A".repeat(10_000)]));
    set.image({ tag: "large", annotations });
  }),
  dataSet("an index", (set) => set.index(images(set), { tag: "index" })),
  dataSet("a nested index", (set) => set.index([set.index(images(set)), set.index(images(set))], { tag: "index-of-indexes" })),
  dataSet("an empty index", (set) => set.index([], { tag: "index" })),
  dataSet("an artifact", (set) => set.artifact({ tag: "artifact", artifactType: ONE })),
  dataSet("an index of artifacts", (set) => set.index(artifacts(set, { artifactType: ONE }), { tag: "artifacts", artifactType: ONE })),
  dataSet("an artifact without content", (set) =>
    set.artifact({ tag: "artifact", artifactType: ONE, layers: [set.blob("application/vnd.oci.empty.v1+json", Buffer.from("{}"))] }),
  ),
  dataSet("an image and what refers to it", (set) => {
    const subject = withoutPlatform(set.image({ tag: "image" }));
    set.image({ subject });
    set.artifact({ subject, artifactType: ONE, annotations: { greeting: "hello", number: "1" }, tag: "artifact-1" });
    set.artifact({ subject, artifactType: TWO, annotations: { greeting: "hello", number: "2" }, tag: "artifact-2" });
  }),
  dataSet("an index and what refers to it", (set) => {
    const traits = { subject: set.index(images(set), { tag: "index" }), artifactType: ONE, annotations: { greeting: "hello" } };
    set.index(artifacts(set, traits), { ...traits, tag: "artifact" });
    set.index([], { subject: traits.subject });
  }),
  dataSet("an artifact whose subject is missing", (set) => {
    const subject = { mediaType: OCI_MANIFEST, digest: digestOf(Buffer.from("missing content")), size: 123 };
    set.artifact({ subject, artifactType: ONE, annotations: { greeting: "hello" }, tag: "artifact" });
  }),
  dataSet("an image with content in its descriptors", (set) => set.image({ tag: "image" }), { inline: true }),
  dataSet("an image with layers that lie elsewhere", (set) => {
    const foreign = [`${FOREIGN}+gzip`, FOREIGN].map((mediaType) => {
      const digest = digestOf(Buffer.from(mediaType));
      return { mediaType, digest, size: 123_456, urls: [`https://store.example.com/blobs/${digest}`] };
    });
    set.image({ tag: "image", layers: [...foreign, set.layer()] });
  }),
  dataSet("an index with fields that nobody knows", (set) => set.index(images(set), { tag: "index" }), { unknownFields: true }),
  dataSet("an image without layers", (set) => set.image({ tag: "image", layers: [] })),
  dataSet("an index of which a child is missing", (set) =>
    set.index([set.image(), { mediaType: OCI_MANIFEST, digest: digestOf(Buffer.from("no child")), size: 1_024, platform: ARM64 }], {
      tag: "sparse-index",
    }),
  ),
  dataSet("an index by sha512", (set) => set.index(images(set)), { algorithm: "sha512" }),
];

/** What only `sparse: "all"` lets pass. */
export const SPARSE_IMAGE = dataSet("an image of which a layer is missing", (set) => {
  set.image({ tag: "sparse-image", layers: [set.layer(), set.layer()] });
  const [first = ""] = set.blobs.keys();
  set.blobs.delete(first);
});

/** To be tagged by the query of the push by digest: each manifest once, the index twice. */
export const TAGGED_BY_QUERY: readonly DataSet[] = (["sha256", "sha512"] as const).map((algorithm) =>
  dataSet(
    `an index by ${algorithm}`,
    (set) => {
      set.index(images(set), { tag: `top-${algorithm}` });
      for (const [at, { digest }] of set.manifests.entries()) set.tags.set(`${algorithm}-${at}`, digest);
    },
    { algorithm },
  ),
);

function withoutPlatform({ mediaType, digest, size }: ReturnType<DataSet["image"]>) {
  return { mediaType, digest, size };
}
