import { artifact, image, index, push } from "../images";
import { testStore } from "../store";
import { createOciApi, type OciSwitches } from ".";
import { ask, codesOf } from "./ask";

const INDEX = "application/vnd.oci.image.index.v1+json";
const subject = image();

function registry(switches: OciSwitches = {}) {
  const { store, clock } = testStore();
  const signature = push(
    store,
    "app",
    undefined,
    artifact({ artifactType: "application/vnd.example.sig", subject, annotations: { by: "me" } }),
  );
  const sbom = push(store, "app", "sbom", artifact({ artifactType: "application/vnd.example.sbom", subject }));
  const multi = push(store, "app", undefined, index([], { subject }));
  return { signature, sbom, multi, api: createOciApi({ store, clock, ...switches }) };
}

const path = `/v2/app/referrers/${subject.digest}`;

describe("GET referrers", () => {
  it("describes what refers to the subject, though it was never pushed", async () => {
    const { signature, sbom, multi, api } = registry();
    const answer = await ask(api, "GET", path);
    expect(answer).toMatchObject({ status: 200, headers: { "content-type": INDEX } });
    expect(answer.json).toEqual({
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [
        {
          mediaType: signature.mediaType,
          digest: signature.digest,
          size: signature.bytes.length,
          artifactType: "application/vnd.example.sig",
          annotations: { by: "me" },
        },
        { mediaType: sbom.mediaType, digest: sbom.digest, size: sbom.bytes.length, artifactType: "application/vnd.example.sbom" },
        { mediaType: multi.mediaType, digest: multi.digest, size: multi.bytes.length },
      ],
    });
    expect(answer.headers["oci-filters-applied"]).toBeUndefined();
  });

  it("takes the media type of the config where there is no artifactType", async () => {
    const { store, clock } = testStore();
    const { artifactType: _, ...document } = JSON.parse(artifact({ artifactType: "a/b", subject }).bytes.toString("utf8"));
    store.putManifest("app", image().mediaType, Buffer.from(JSON.stringify(document)));
    const { json } = await ask(createOciApi({ store, clock }), "GET", path);
    expect(json).toMatchObject({ manifests: [{ artifactType: "application/vnd.oci.empty.v1+json" }] });
  });

  it("filters by artifactType, and says so", async () => {
    const { sbom, api } = registry();
    const answer = await ask(api, "GET", `${path}?artifactType=application/vnd.example.sbom`);
    expect(answer.headers["oci-filters-applied"]).toBe("artifactType");
    expect(answer.json).toMatchObject({ manifests: [{ digest: sbom.digest }] });
    expect((answer.json as { manifests: unknown[] }).manifests).toHaveLength(1);
  });

  it("pages, with the filter kept in the Link", async () => {
    const { signature, sbom, multi, api } = registry({ referrersPage: 2 });
    const first = await ask(api, "GET", path);
    expect((first.json as { manifests: { digest: string }[] }).manifests.map(({ digest }) => digest)).toEqual([
      signature.digest,
      sbom.digest,
    ]);
    const link = /^<(.*)>; rel="next"$/.exec(String(first.headers.link))?.[1] ?? "";
    const second = await ask(api, "GET", link);
    expect((second.json as { manifests: { digest: string }[] }).manifests.map(({ digest }) => digest)).toEqual([multi.digest]);
    expect(second.headers.link).toBeUndefined();
    const filtered = await ask(registry({ referrersPage: 1 }).api, "GET", `${path}?artifactType=application/vnd.example.sig`, {
      fault: "looped-link",
    });
    expect(filtered.headers.link).toContain("artifactType=application%2Fvnd.example.sig");
  });

  it.each(["/v2/app", "/v2/never-seen"])("of %s is an empty index when there are none", async (repository) => {
    const answer = await ask(registry().api, "GET", `${repository}/referrers/sha256:${"0".repeat(64)}`);
    expect(answer).toMatchObject({ status: 200, json: { schemaVersion: 2, mediaType: INDEX, manifests: [] } });
  });

  it("refuses what is no digest", async () => {
    const answer = await ask(registry().api, "GET", "/v2/app/referrers/sha256:abc");
    expect([answer.status, codesOf(answer)]).toEqual([400, ["DIGEST_INVALID"]]);
  });

  it("is no route where the API is switched off, as in distribution", async () => {
    expect(await ask(registry({ referrersApi: false }).api, "GET", path)).toMatchObject({ status: 404, body: "404 page not found\n" });
  });
});
