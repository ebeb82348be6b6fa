import { push } from "../images";
import { fields, items, outcome, type Rig, rig } from "./rig";
import { appLayer, baseLayer, olderSummary, scanned, scannedImage, scanRig, summaryPath } from "./scan-rig";

const tagsOf = async ({ call }: Rig, path: string, user = "admin") =>
  items(await call("GET", `imagescan/scansummary/${path}`, { user })).map(({ scannedImage: found }) => {
    const { repository, tag } = fields({ status: 200, json: found });
    return `${repository}:${tag}`;
  });

describe("the summary of an image", () => {
  it("holds counts, layers, components, licenses and vulnerabilities", async () => {
    expect(await scanned(scanRig())).toEqual({
      scanStatus: 6,
      shouldRescan: false,
      scannedImage: {
        pk: `team/app@${scannedImage.digest}`,
        namespace: "team",
        repository: "app",
        tag: "v1",
        manifestDigest: scannedImage.digest,
        totalVulnCount: { critical: 1, major: 1, minor: 1 },
        licenses: [{ name: "MIT", url: "https://opensource.org/licenses/MIT", type: "permissive" }],
        layers: [
          expect.objectContaining({ digest: baseLayer, size: expect.any(Number), components: ["musl@1.1.20", "zlib@1.2.11"] }),
          expect.objectContaining({ digest: appLayer, components: ["tool@0.1"] }),
        ],
        components: [
          {
            componentPK: "musl@1.1.20",
            vulnCount: { critical: 1, major: 1, minor: 0 },
            name: "musl",
            version: "1.1.20",
            filepaths: ["lib/ld-musl.so"],
            cves: ["CVE-2019-14697", "CVE-2020-28928"],
            licenses: ["MIT"],
            source: "",
          },
          expect.objectContaining({ name: "zlib", filepaths: ["usr/lib/zlib"], cves: [] }),
          expect.objectContaining({ name: "tool", vulnCount: { critical: 0, major: 1, minor: 1 } }),
        ],
        cves: [
          { cvePK: "CVE-2019-14697", summary: 'Overflow, in "x87" code', cvss: 9.8, notes: "" },
          { cvePK: "CVE-2020-28928", summary: "", cvss: 5.5, notes: "" },
          { cvePK: "CVE-2018-0001", summary: "", cvss: 3.9, notes: "" },
        ],
        maxCVSSValue: 9.8,
        scannerFingerprint: { scannerType: 1, version: ["3", "1"] },
        vulnOverrides: [],
      },
    });
  });

  it("is one for each image of an index, or for the platform that was asked for", async () => {
    const { call } = scanRig();
    const count = async (query: string) => items(await call("GET", `${summaryPath}/multi${query}`)).length;
    expect([await count(""), await count("?os=linux"), await count("?arch=arm64")]).toEqual([2, 2, 1]);
    expect(outcome(await call("GET", `${summaryPath}/multi?os=windows`))).toBe("404 NO_SUCH_REF");
  });

  it("goes by digest, and without status when that is not wanted", async () => {
    const { call } = scanRig();
    const [summary] = items(await call("GET", `${summaryPath}/${scannedImage.digest}?scanstatus=false`));
    expect(summary).not.toHaveProperty("scanStatus");
    expect(summary?.scannedImage).toMatchObject({ tag: "v1", manifestDigest: scannedImage.digest });
  });

  it.each([
    ["/none", "admin", "404 NO_SUCH_REF"],
    ["/none/export", "admin", "404 NO_SUCH_TAG"],
    ["/v1", "stranger", "404 NO_SUCH_REPOSITORY"],
    ["/v1", null, "401 NOT_AUTHENTICATED"],
    ["/v1?scanstatus=perhaps", "reader", "400 INVALID_PARAMETERS"],
  ])("at %s for %s is %s", async (path, user, expected) => {
    expect(outcome(await scanRig().call("GET", `${summaryPath}${path}`, { user }))).toBe(expected);
  });
});

describe("the older summary", () => {
  const path = "imagescan/repositories/team/app";

  it("has the counts, and what is in each layer", async () => {
    const world = scanRig();
    await scanned(world);
    const [summary] = items(await world.call("GET", `${path}/v1`));
    expect(summary).toEqual({
      ...olderSummary,
      layer_details: [
        { sha256sum: baseLayer.replace("sha256:", ""), components: [expect.any(Object), expect.any(Object)] },
        {
          sha256sum: appLayer.replace("sha256:", ""),
          components: [
            {
              component: "tool",
              version: "0.1",
              vulns: [
                { vuln: { cve: "CVE-2018-0001", cvss: 3.9, summary: "" }, exact: true, notes: [] },
                { vuln: { cve: "CVE-2020-28928", cvss: 5.5, summary: "" }, exact: true, notes: [] },
              ],
              fullpath: ["usr/lib/tool"],
            },
          ],
        },
      ],
    });
  });

  it("of an unscanned image says so, and has no details when they are not wanted", async () => {
    const { call } = scanRig();
    const [summary] = items(await call("GET", `${path}/v1?detailed=false`));
    expect(summary).toMatchObject({ last_scan_status: 1, check_completed_at: "0001-01-01T00:00:00Z", should_rescan: true, critical: 0 });
    expect(summary).not.toHaveProperty("layer_details");
    expect(outcome(await call("GET", `${path}/none`))).toBe("404 NO_SUCH_TAG");
  });
});

describe("a tag", () => {
  it("carries the counts, licenses and components of its image once that was scanned", async () => {
    const world = scanRig();
    const tag = async () => items(await world.call("GET", "repositories/team/app/tags/v1"))[0] ?? {};
    const unscanned = await tag();
    expect([unscanned.vuln_summary, unscanned.licenses, unscanned.components]).toEqual([undefined, [], []]);
    const { licenses, components } = fields({ status: 200, json: (await scanned(world)).scannedImage });
    expect(await tag()).toMatchObject({
      vuln_summary: { tag: "v1", critical: 1, major: 1, minor: 1, last_scan_status: 6 },
      licenses,
      components,
    });
  });
});

describe("images by what is in them", () => {
  it("are the scanned ones that the caller may see", async () => {
    const world = scanRig();
    await scanned(world);
    const expected = ["app:multi", "app:v1"];
    for (const path of [
      "component/musl",
      "cve/CVE-2019-14697",
      "license/MIT",
      `layer/${appLayer}`,
      `layer/${appLayer.replace("sha256:", "")}`,
    ]) {
      expect([path, await tagsOf(world, path)]).toEqual([path, expected]);
      expect([path, await tagsOf(world, path, "stranger")]).toEqual([path, []]);
    }
    for (const path of ["component/none", "cve/none", "license/none"]) expect(await tagsOf(world, path)).toEqual([]);
    expect(outcome(await world.call("GET", `imagescan/scansummary/layer/sha256:${"0".repeat(64)}`))).toBe("404 NO_SUCH_LAYER");
  });

  it("come in pages", async () => {
    const world = scanRig();
    await scanned(world);
    const first = await world.call("GET", "imagescan/scansummary/cve/CVE-2018-0001?pageSize=1&count=true");
    expect([items(first).length, first.headers?.["x-resource-count"]]).toEqual([1, "2"]);
    const next = encodeURIComponent(String(first.headers?.["x-next-page-start"]));
    expect(await tagsOf(world, `cve/CVE-2018-0001?pageStart=${next}`)).toEqual(["app:v1"]);
  });

  it("need a user", async () => {
    for (const path of ["component/a", "cve/a", "license/a", "layer/a"]) {
      expect(outcome(await rig().call("GET", `imagescan/scansummary/${path}`, { user: null }))).toBe("401 NOT_AUTHENTICATED");
    }
  });
});

describe("the export of a summary", () => {
  const path = `${summaryPath}/v1/export`;

  it("is CSV or JSON by the header Accept", async () => {
    const world = scanRig();
    const summary = await scanned(world);
    const csv = await world.call("GET", path, { headers: { accept: "text/csv" } });
    expect(csv.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="scan-summary.csv"',
    });
    const start = `team/app,v1,${scannedImage.digest}`;
    expect(String(csv.body).split("\r\n")).toEqual([
      "repository,tag,digest,layer,component,version,cve,cvss,severity,summary",
      `${start},${baseLayer},musl,1.1.20,CVE-2019-14697,9.8,critical,"Overflow, in ""x87"" code"`,
      `${start},${baseLayer},musl,1.1.20,CVE-2020-28928,5.5,major,`,
      `${start},${appLayer},tool,0.1,CVE-2018-0001,3.9,minor,`,
      `${start},${appLayer},tool,0.1,CVE-2020-28928,5.5,major,`,
      "",
    ]);
    expect(items(await world.call("GET", path, { headers: { accept: "application/json" } }))).toEqual([summary]);
  });

  it("is nothing else", async () => {
    expect(outcome(await scanRig().call("GET", path, { headers: { accept: "text/html" } }))).toBe("400 INVALID_PARAMETERS");
  });
});

describe("the counts of many images", () => {
  const named = { name: "team/app:v1", digest: scannedImage.digest };
  const counts = { critical: 1, major: 1, minor: 1 };
  const ask = ({ call }: Rig, images: unknown, user = "admin") => call("POST", "imagescan/scansummary/tags", { body: { images }, user });

  it("go by name, or by the switch summaryKeys by digest", async () => {
    const world = scanRig();
    await scanned(world);
    expect(fields(await ask(world, [named]))).toEqual({ images: { "team/app:v1": counts } });
    world.state.switches.summaryKeys = "digest";
    expect(fields(await ask(world, [named]))).toEqual({ images: { [scannedImage.digest]: counts } });
  });

  it("leave out what is not there, not scanned, or not for the caller", async () => {
    const world = scanRig();
    push(world.store, "team/open", "v1", scannedImage);
    await scanned(world);
    const others = [
      { name: "team/none:v1", digest: scannedImage.digest },
      { name: "team/open", digest: scannedImage.digest },
      { name: "team/app:v1", digest: "sha256:0" },
    ];
    expect(fields(await ask(world, others))).toEqual({ images: {} });
    expect(fields(await ask(world, [named], "stranger"))).toEqual({ images: {} });
  });

  it.each([[undefined], ["x"], [[{ name: "team/app:v1" }]], [["team/app:v1"]]])("are refused for images %j", async (images) => {
    expect(outcome(await ask(rig(), images))).toBe("400 INVALID_PARAMETERS");
  });
});

describe("overrides", () => {
  const path = `imagescan/layeroverride/${baseLayer}`;
  const override = { component: "musl", componentVersion: "1.1.20", cve: "CVE-2019-14697", notes: "not reachable" };
  const countsOf = (summary: Record<string, unknown>) => fields({ status: 200, json: summary.scannedImage }).totalVulnCount;

  it("take a vulnerability out of the counts, and give it back when they are deleted", async () => {
    const world = scanRig();
    expect((await world.call("POST", path, { body: override })).status).toBe(200);
    expect(countsOf(await scanned(world))).toEqual({ critical: 0, major: 1, minor: 1 });
    const [listed, ...more] = items(await world.call("GET", "imagescan/layeroverride"));
    expect([listed, more]).toEqual([{ pk: expect.any(String), digest: baseLayer, ...override }, []]);
    const [summary] = items(await world.call("GET", "imagescan/repositories/team/app/v1"));
    expect(JSON.stringify(summary)).toContain('"notes":[{"reason":"not reachable","type":"override"}]');
    expect((await world.call("DELETE", `imagescan/layeroverride/${listed?.pk}`)).status).toBe(200);
    expect(countsOf(await scanned(world))).toEqual({ critical: 1, major: 1, minor: 1 });
    expect(outcome(await world.call("DELETE", `imagescan/layeroverride/${listed?.pk}`))).toBe("404 NO_SUCH_LAYER");
  });

  it("of another layer or version change nothing", async () => {
    const world = scanRig();
    await world.call("POST", `imagescan/layeroverride/${appLayer}`, { body: override });
    await world.call("POST", path, { body: { ...override, componentVersion: "2" } });
    expect(countsOf(await scanned(world))).toEqual({ critical: 1, major: 1, minor: 1 });
  });

  it("are one for each finding: again changes the notes", async () => {
    const { call } = scanRig();
    for (const notes of ["a", "b"]) await call("POST", path, { body: { ...override, notes } });
    expect(items(await call("GET", "imagescan/layeroverride")).map(({ notes }) => notes)).toEqual(["b"]);
  });

  it("are refused for unknown layers, without their parts, and to others", async () => {
    const { call } = scanRig();
    expect(outcome(await call("POST", "imagescan/layeroverride/sha256:0", { body: override }))).toBe("404 NO_SUCH_LAYER");
    for (const part of ["component", "componentVersion", "cve"]) {
      expect(outcome(await call("POST", path, { body: { ...override, [part]: "" } }))).toBe("400 INVALID_SETTINGS");
    }
    for (const [method, target] of [
      ["GET", "imagescan/layeroverride"],
      ["POST", path],
      ["DELETE", path],
    ] as const) {
      expect(outcome(await call(method, target, { user: "owner", body: override }))).toBe("403 NOT_AUTHORIZED");
    }
  });
});
