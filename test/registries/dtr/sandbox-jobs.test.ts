import { JobFailed, ScanFailed, submitJob, waitForJob, waitForScan } from "../../../provider/registries/dtr";
import { jumpingClock } from "../selectel/connected";
import { failure } from "./connected";
import { app, type World, withWorld } from "./sandbox-world";

const wait = () => ({ deadline: 60_000, clock: jumpingClock() });

describe.each(["description", "guide"] as const)("jobs, with the statuses of the %s", (jobStatuses) => {
  it("are waited for through waiting and running, and their log is heard once", async () => {
    await withWorld({ jobStatuses, jobPolls: 5 }, async (world) => {
      const heard: string[] = [];
      const { id } = await submitJob(world.client, { action: "gc" });
      const job = await waitForJob(world.client, id, { ...wait(), onLog: ({ data }) => heard.push(data) });
      expect(job).toMatchObject({ id, status: "done" });
      expect(heard).toEqual(["job gc begins on worker 000000000000", expect.stringMatching(/freed/), "job gc is done"]);
    });
  });

  it("that fail show the end of their log", async () => {
    await withWorld({ jobStatuses }, async ({ client, state }) => {
      state.failNext("gc", "the disk is full");
      const { id } = await submitJob(client, { action: "gc", retries: 1 });
      const error = await failure(waitForJob(client, id, wait()));
      expect(error).toBeInstanceOf(JobFailed);
      expect(error.message).toMatch(/the disk is full/);
    });
  });

  it("that were canceled or deleted are no success", async () => {
    await withWorld({ jobStatuses, jobPolls: 9 }, async ({ client }) => {
      const canceled = await submitJob(client, { action: "gc" });
      await client.jobs.cancel({ id: canceled.id });
      expect(await failure(waitForJob(client, canceled.id, wait()))).toBeInstanceOf(JobFailed);
      const deleted = await submitJob(client, { action: "gc" });
      await client.jobs.delete({ id: deleted.id });
      expect(await failure(waitForJob(client, deleted.id, wait()))).toBeInstanceOf(JobFailed);
    });
  });

  it("are done after their time, although nobody looked", async () => {
    await withWorld({ jobStatuses, jobPolls: 9, jobDuration: 1_000 }, async ({ client, control }) => {
      const { id } = await submitJob(client, { action: "gc" });
      control.clock.advance(2_000);
      expect(await client.jobs.get({ id })).toMatchObject({ status: "done" });
    });
  });
});

describe("scans", () => {
  const image = { ...app, reference: "multi" };
  const scan = ({ client }: World) => client.imageScan.scan({ ...app, tag: "multi", os: "linux", arch: "amd64" });
  const platform = { os: "linux", arch: "amd64" };

  it.each([0, 1, 4])("are waited for (%d looks)", async (scanPolls) => {
    await withWorld({ scanPolls }, async (world) => {
      await scan(world);
      const [summary] = await waitForScan(world.client, { ...image, ...platform }, wait());
      expect(summary).toMatchObject({ scanStatus: 6, scannedImage: { totalVulnCount: { critical: 1 } } });
    });
  });

  it("that fail are told from those that do not end", async () => {
    await withWorld({ scanPolls: 2 }, async (world) => {
      world.state.failNext("scan_check_single", "no such layer");
      await scan(world);
      expect(await failure(waitForScan(world.client, { ...image, ...platform }, wait()))).toBeInstanceOf(ScanFailed);
      expect((await failure(waitForScan(world.client, image, wait()))).name).toBe("DeadlineExceeded");
    });
  });
});
