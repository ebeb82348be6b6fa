import * as pulumi from "@pulumi/pulumi";
import { oci, selectel } from "../../provider";
import { type Sandbox, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

let sandbox: Sandbox;
const images = [1, 2, 3].map((n) => image({ layers: [`layer ${n}`], created: `2026-01-0${n}T00:00:00Z` }));
const what = { keepNTagged: 1, minAge: "0" };
/** All that a plan holds is in its line for the repository. */
const goes = ({ repositories }: Awaited<ReturnType<typeof oci.planCleanup>>) =>
  repositories.flatMap(({ repository, images: all }) =>
    all.filter(({ action }) => action === "delete").flatMap(({ tags }) => tags.map(({ tag }) => `${repository}:${tag}`)),
  );
const value = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve as (unwrapped: unknown) => void));

beforeAll(async () => {
  sandbox = await startSandbox();
  const { oci: registry, selectel: service } = sandbox.info;
  if (!registry || !service) throw new Error("the sandbox lacks an API");
  const made = await fetch(`${service.v1}/registries`, {
    method: "POST",
    headers: { "x-auth-token": service.token },
    body: JSON.stringify({ name: "main" }),
  });
  const { id } = (await made.json()) as { id: string };
  for (let look = 0; look < 5; look++) await fetch(`${service.v1}/registries/${id}`, { headers: { "x-auth-token": service.token } });
  for (const [at, one] of images.entries()) {
    push(sandbox.store, "team/app", `v${at + 1}`, one);
    push(sandbox.store, "main/app", `v${at + 1}`, one);
  }
  pulumi.runtime.setAllConfig({
    "oci:url": registry.url,
    "oci:username": registry.username,
    "oci:password": registry.password,
    "selectel:token": service.token,
    "selectel:apiUrl": service.v1,
    "selectel:registryUrl": service.registryHost,
  });
});

afterAll(() => sandbox.close());

describe("planCleanup in a program", () => {
  it("takes address and credentials from the stack's configuration, and gives the plan", async () => {
    const plan = await oci.planCleanup({ repositories: ["team/*"], ...what });
    expect(goes(plan).sort()).toEqual(["team/app:v1", "team/app:v2"]);
    expect(plan.counts).toMatchObject({ roots: 2, kept: 1 });
  });

  it("leaves the client open for what comes after it", async () => {
    await oci.planCleanup({ repositories: ["team/*"], ...what });
    expect(await oci.getTags({ repository: "team/app" })).toHaveLength(3);
    await selectel.planCleanup({ ...what });
    expect(await selectel.getRegistries({})).toHaveLength(1);
  });

  it("of Selectel names repositories with their registry, and leaves no token behind", async () => {
    expect(goes(await selectel.planCleanup({ repositories: ["main/*"], ...what, concurrency: 2 })).sort()).toEqual([
      "main/app:v1",
      "main/app:v2",
    ]);
    expect(await selectel.getTokens({})).toEqual([]);
  });

  it("takes outputs, and gives one", async () => {
    const plan = oci.planCleanupOutput({ repositories: [pulumi.output("team/app")], keepNTagged: pulumi.output(2), minAge: "0" });
    expect(goes(await value(plan))).toEqual(["team/app:v1"]);
  });

  it("names itself in errors", async () => {
    await expect(oci.planCleanup({})).rejects.toThrow("oci.planCleanup: There is no selector");
    await expect(selectel.planCleanup({ deleteTags: "(" })).rejects.toThrow("selectel.planCleanup: deleteTags: the pattern");
  });
});
