import { DeadlineExceeded, type DtrClient, isFinished, JobFailed, submitJob, waitForJob } from "../../../provider/registries/dtr";
import type { Reply, Seen } from "../selectel/scripted-server";
import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";

/** Samples of the vendor's guide "audit jobs via API". */
const job = {
  id: "1fcf4c0f-ca3b-469a-8839-5c7fccb2b7dd",
  retryFromID: "1fcf4c0f-ca3b-469a-8839-5c7fccb2b7dd",
  workerID: "000000000000",
  status: "done",
  scheduledAt: "2017-02-17T01:09:47.771Z",
  lastUpdated: "2017-02-17T01:10:14.117Z",
  action: "scan_check_single",
  retriesLeft: 0,
  retriesTotal: 0,
  capacityMap: { scan: 1 },
  parameters: { SHA256SUM: "1bac" },
  deadline: "",
  stopTimeout: "",
};
const cron = {
  id: "48875b1b-5006-48f5-9f3c-af9fbdd82255",
  action: "license_update",
  schedule: "57 54 3 * * *",
  retries: 2,
  capacityMap: null,
  parameters: null,
  deadline: "",
  stopTimeout: "",
  nextRun: "2017-02-22T03:54:57Z",
};
const givenCron = { ...cron, capacityMap: {}, parameters: {} };
const cronForm = { action: "gc", schedule: "0 0 1 * * 0", retries: 0, deadline: "", stopTimeout: "30s" };
const jobForm = {
  action: "gc",
  scheduledAt: "2030-01-01T00:00:00Z",
  retries: 1,
  capacityMap: { scan: 1 },
  parameters: { a: "b" },
  deadline: "2h",
  stopTimeout: "30s",
};
const config = { id: "c1", action: "gc", parameters: { k: "v" } };
const worker = {
  id: "000000000000",
  status: "running",
  capacityMap: { scan: 1, scanCheck: 1 },
  heartbeatExpiration: "2017-02-18T00:51:02Z",
};
const forbidden = [403, "NOT_AUTHORIZED"] as const;
const noJob = [404, "NO_SUCH_JOB"] as const;

describe("crons, action configs, jobs and workers on the wire", () => {
  describeRows(
    ["crons", "actionConfigs", "jobs", "workers"],
    [
      {
        name: "crons.list",
        line: "GET /api/v0/crons",
        reply: { json: { crons: [cron] } },
        run: (client) => client.crons.list(),
        gives: [givenCron],
        errors: [forbidden],
      },
      {
        name: "crons.list",
        line: "GET /api/v0/crons",
        reply: { json: { crons: null } },
        run: (client) => client.crons.list(),
        gives: [],
        errors: [],
      },
      {
        name: "crons.set",
        line: "POST /api/v0/crons",
        body: cronForm,
        reply: { status: 202, json: { ...cron, action: "gc", capacityMap: { scan: 1 } } },
        run: (client) => client.crons.set(cronForm),
        gives: { ...givenCron, action: "gc", capacityMap: { scan: 1 } },
        errors: [[400, "INVALID_PARAMETERS"], forbidden],
      },
      {
        name: "crons.get",
        line: "GET /api/v0/crons/license_update",
        reply: { json: cron },
        run: (client) => client.crons.get({ action: "license_update" }),
        gives: givenCron,
        errors: [forbidden, [404, "NO_SUCH_CRON"]],
      },
      {
        name: "crons.delete",
        line: "DELETE /api/v0/crons/gc",
        reply: { status: 204 },
        run: (client) => client.crons.delete({ action: "gc" }),
        gives: undefined,
        errors: [forbidden, [404, "NO_SUCH_CRON"]],
      },
      {
        name: "actionConfigs.list",
        line: "GET /api/v0/action_configs",
        reply: { json: { actionConfigs: [config, { ...config, action: "sleep", parameters: null }] } },
        run: (client) => client.actionConfigs.list(),
        gives: [config, { ...config, action: "sleep", parameters: {} }],
        errors: [forbidden],
      },
      {
        name: "actionConfigs.set",
        line: "POST /api/v0/action_configs",
        body: { action: "gc", parameters: { k: "v" } },
        reply: { status: 202, json: config },
        run: (client) => client.actionConfigs.set({ action: "gc", parameters: { k: "v" } }),
        gives: config,
        errors: [[400, "INVALID_PARAMETERS"], forbidden],
      },
      {
        name: "actionConfigs.get",
        line: "GET /api/v0/action_configs/gc",
        reply: { json: config },
        run: (client) => client.actionConfigs.get({ action: "gc" }),
        gives: config,
        errors: [forbidden, [404, "NO_SUCH_ACTION_CONFIG"]],
      },
      {
        name: "actionConfigs.delete",
        line: "DELETE /api/v0/action_configs/gc",
        reply: { status: 204 },
        run: (client) => client.actionConfigs.delete({ action: "gc" }),
        gives: undefined,
        errors: [forbidden, [404, "NO_SUCH_ACTION_CONFIG"]],
      },
      {
        name: "jobs.list",
        line: "GET /api/v0/jobs?action=any&worker=any&running=any&limit=100",
        reply: { json: { jobs: [job] } },
        run: (client) => all(client.jobs.list({ action: "any", worker: "any", running: "any" })),
        gives: [job],
        errors: [forbidden],
      },
      {
        name: "jobs.submit",
        line: "POST /api/v0/jobs",
        body: { action: "poll_mirror" },
        reply: { status: 202, json: { ...job, status: "waiting", workerID: "", capacityMap: null, parameters: { n: 7 } } },
        run: (client) => client.jobs.submit({ action: "poll_mirror" }),
        gives: { ...job, status: "waiting", workerID: undefined, capacityMap: {}, parameters: { n: "7" } },
        errors: [[400, "INVALID_PARAMETERS"], forbidden],
      },
      {
        name: "jobs.submit",
        line: "POST /api/v0/jobs",
        body: jobForm,
        reply: { status: 202, json: job },
        run: (client) => client.jobs.submit(jobForm),
        gives: job,
        errors: [],
      },
      {
        name: "jobs.get",
        line: `GET /api/v0/jobs/${job.id}`,
        reply: { json: job },
        run: (client) => client.jobs.get({ id: job.id }),
        gives: job,
        errors: [forbidden, noJob],
      },
      {
        name: "jobs.delete",
        line: `DELETE /api/v0/jobs/${job.id}`,
        reply: { status: 204 },
        run: (client) => client.jobs.delete({ id: job.id }),
        gives: undefined,
        errors: [forbidden, noJob],
      },
      {
        name: "jobs.cancel",
        line: `POST /api/v0/jobs/${job.id}/cancel`,
        reply: { status: 204 },
        run: (client) => client.jobs.cancel({ id: job.id }),
        gives: undefined,
        errors: [forbidden, noJob],
      },
      {
        name: "jobs.logs",
        line: "GET /api/v0/jobs/1/logs?offset=2&limit=3",
        reply: { json: [{ data: "one", lineNum: 2 }, { Data: "two", LineNum: 3 }, { data: null }] },
        run: (client) => client.jobs.logs({ id: "1", offset: 2, limit: 3 }),
        gives: [
          { data: "one", lineNum: 2 },
          { data: "two", lineNum: 3 },
          { data: "", lineNum: 0 },
        ],
        errors: [forbidden, noJob],
      },
      {
        name: "workers.list",
        line: "GET /api/v0/workers",
        reply: { json: { workers: [worker] } },
        run: (client) => client.workers.list(),
        gives: [worker],
        errors: [forbidden],
      },
      {
        name: "workers.setCapacity",
        line: "POST /api/v0/workers/000000000000/capacity",
        body: { capacityMap: { scan: 2, scanCheck: 2 } },
        reply: { status: 202 },
        run: (client) => client.workers.setCapacity({ id: "000000000000", capacityMap: { scan: 2, scanCheck: 2 } }),
        gives: undefined,
        errors: [[400, "INVALID_PARAMETERS"], forbidden, [404, "NO_SUCH_WORKER"]],
      },
    ],
  );

  it("jobs are listed to the end by start and limit, each once, also when new ones push them back", async () => {
    const ids = Array.from({ length: 7 }, (_, index) => `job${index}`);
    await connected(
      ({ url }, index) => {
        const query = new URL(url, "http://x").searchParams;
        if (index === 1) ids.unshift("pushed in");
        const start = Number(query.get("start") ?? 0);
        return { json: { jobs: ids.slice(start, start + Number(query.get("limit"))).map((id) => ({ ...job, id })) } };
      },
      async ({ client, server }) => {
        expect((await all(client.jobs.list({ action: "gc" }))).map(({ id }) => id)).toEqual(ids.slice(1));
        expect(server.lines()[1]).toBe("GET /api/v0/jobs?action=gc&limit=3&start=3");
      },
      { pageSize: 3 },
    );
  });

  it.each([{}, { jobs: {} }, []])("%j is no list of jobs", async (json) => {
    await connected(
      () => ({ json }),
      async ({ client }) => expect(await failure(all(client.jobs.list()))).toMatchObject({ kind: "answer" }),
    );
  });
});

describe("whether a job has ended", () => {
  it.each([
    ["waiting", false],
    ["running", false],
    ["cancel_request", false],
    ["", false],
    ["done", true],
    ["canceled", true],
    ["cancel", true],
    ["errored", true],
    ["error", true],
    ["deleted", true],
    ["worker_dead", true],
    ["worker_shutdown", true],
    ["something of a later version", true],
  ])("%j: %s", (status, ended) => expect(isFinished({ status })).toBe(ended));
});

/** A job that goes through statuses, one a look; its log grows by a line a look. */
function life(statuses: readonly string[], { logs = true } = {}) {
  let looks = 0;
  return ({ url }: Seen): Reply => {
    if (url.includes("/logs")) {
      if (!logs) return { status: 404, json: { errors: [{ code: "NO_SUCH_WORKER" }] } };
      const offset = Number(new URL(url, "http://x").searchParams.get("offset") ?? 0);
      return { json: Array.from({ length: looks - offset }, (_, index) => ({ data: `line ${offset + index}`, lineNum: offset + index })) };
    }
    const status = statuses[Math.min(looks++, statuses.length - 1)];
    return status === "gone" ? { status: 404, json: { errors: [{ code: "NO_SUCH_JOB" }] } } : { json: { ...job, status } };
  };
}
const wait = (client: DtrClient, clock: { now(): number; sleep(milliseconds: number): Promise<void> }, more = {}) =>
  waitForJob(client, job.id, { deadline: 60_000, clock, ...more });

describe("waitForJob", () => {
  it("gives the job when it is done, after pauses that grow, and asks for no logs", async () => {
    await connected(life(["waiting", "running", "running", "cancel_request", "done"]), async ({ client, server, clock }) => {
      expect(await wait(client, clock)).toEqual(job);
      expect(clock.slept).toEqual([1000, 1500, 2250, 3375]);
      expect(server.lines()).toEqual(Array(5).fill(`GET /api/v0/jobs/${job.id}`));
    });
  });

  it("hands on each line of the log once, while it runs", async () => {
    await connected(life(["running", "running", "done"]), async ({ client, clock }) => {
      const heard: string[] = [];
      await wait(client, clock, { onLog: ({ data }: { data: string }) => heard.push(data) });
      expect(heard).toEqual(["line 0", "line 1", "line 2"]);
    });
  });

  it.each([[undefined], [() => undefined]])("any other end is an error with the end of the log", async (onLog) => {
    await connected(life([...Array(30).fill("running"), "worker_dead"]), async ({ client, clock }) => {
      const error = await failure(wait(client, clock, { deadline: 3_600_000, ...(onLog && { onLog }) }));
      expect(error).toBeInstanceOf(JobFailed);
      expect(error).toMatchObject({ job: { status: "worker_dead" }, log: Array.from({ length: 20 }, (_, index) => `line ${11 + index}`) });
      expect(error.message).toBe(
        `Job ${job.id} (scan_check_single) ended in status worker_dead. Its log ends: line 28 | line 29 | line 30.`,
      );
    });
  });

  it("no credential and no control character of the log gets into the error", async () => {
    await connected(
      ({ url }) =>
        url.includes("/logs")
          ? { json: [{ data: "\u001b[31mpush to https://bob:hunter2hunter2@far with Bearer abcdef0123456789\n::set-env::", lineNum: 0 }] }
          : { json: { ...job, status: "errored", retriesLeft: 2 } },
      async ({ client, clock }) => {
        const error = await failure(wait(client, clock));
        expect(error).toMatchObject({ log: ["[31mpush to https://***@far with Bearer *** ::set-env::"] });
        expect(error.message).toContain("may run it again 2 times");
      },
    );
  });

  it("a log that cannot be had is no reason to fail, and said to be silent", async () => {
    await connected(life(["running", "errored"], { logs: false }), async ({ client, clock }) => {
      const error = await failure(wait(client, clock, { onLog: () => undefined }));
      expect(error.message).toContain("ended in status errored. Its log says nothing.");
    });
  });

  it("a job that was removed is an error", async () => {
    await connected(life(["running", "gone"]), async ({ client, clock }) => {
      const error = await failure(wait(client, clock));
      expect(error).toBeInstanceOf(JobFailed);
      expect(error).toMatchObject({ job: { status: "running" }, cause: { code: "NO_SUCH_JOB" } });
    });
  });

  it("ends with its deadline, saying what was seen", async () => {
    await connected(life(["running"]), async ({ client, clock }) => {
      const error = await failure(wait(client, clock));
      expect(error).toBeInstanceOf(DeadlineExceeded);
      expect(error.message).toContain("(scan_check_single) is running after 60 s");
      expect(clock.slept.reduce((sum, one) => sum + one)).toBe(60_000);
      expect(Math.max(...clock.slept)).toBeLessThanOrEqual(15_000);
    });
  });

  it("ends with its signal", async () => {
    const stop = new AbortController();
    await connected(life(["running"]), async ({ client, clock }) => {
      const onLog = () => stop.abort(new Error("enough"));
      expect((await failure(wait(client, clock, { signal: stop.signal, onLog }))).message).toBe("enough");
    });
  });

  it("what is no answer about the job is thrown as it is", async () => {
    await connected(
      () => ({ status: 403, json: { errors: [{ code: "NOT_AUTHORIZED" }] } }),
      async ({ client, clock }) => expect(await failure(wait(client, clock))).toMatchObject({ status: 403 }),
    );
  });
});

describe("submitJob", () => {
  /** Jobs of the server; the answer to the first submission may be lost, with or without effect. */
  const world = (lost: "after" | "before" | "never", jobs = [{ ...job, id: "old", action: "gc" }]) => {
    let posts = 0;
    return {
      jobs,
      answer: ({ method, url, body }: Seen): Reply => {
        if (method === "GET") return { json: { jobs: url.includes("start=") ? [] : jobs } };
        posts++;
        if (lost === "before" && posts === 1) return { reset: true };
        const made = { ...job, ...JSON.parse(body), id: `new${posts}`, status: "waiting" };
        jobs.unshift(made);
        return lost === "after" && posts === 1 ? { reset: true } : { status: 202, json: made };
      },
    };
  };

  it.each([
    ["never", "new1"],
    ["after", "new1"],
    ["before", "new2"],
  ] as const)("submits once, if the answer is lost %s its effect", async (lost, id) => {
    const { jobs, answer } = world(lost);
    await connected(answer, async ({ client }) => {
      expect(await submitJob(client, { action: "gc", parameters: { b: "2", a: "1" } })).toMatchObject({ id });
      expect(jobs.map((one) => one.id)).toEqual([id, "old"]);
    });
  });
});
