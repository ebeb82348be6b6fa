import { type Sandbox, type SandboxOptions, standingClock, startSandbox } from ".";
import { image, push } from "./images";

const opened: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
});

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: standingClock(), ...options });
  opened.push(sandbox);
  return sandbox;
}

const basic = (info: { username: string; password: string }) => ({
  authorization: `Basic ${Buffer.from(`${info.username}:${info.password}`).toString("base64")}`,
});

describe("startSandbox", () => {
  it("starts every API, and says where", async () => {
    const { info } = await start();
    expect(Object.keys(info).sort()).toEqual(["control", "dtr", "oci", "registryui", "selectel"]);
    expect(Object.keys(info.selectel ?? {}).sort()).toEqual(
      ["accountId", "authUrl", "password", "projectId", "projectName", "registryHost", "token", "username", "v1", "v2"].sort(),
    );
    const oci = info.oci ?? { url: "", username: "", password: "" };
    expect((await fetch(`${oci.url}/v2/`)).status).toBe(401);
    expect((await fetch(`${oci.url}/v2/`, { headers: basic(oci) })).status).toBe(200);
    expect((await fetch(`${info.selectel?.v1}/registries`, { headers: { "x-auth-token": info.selectel?.token ?? "" } })).ok).toBe(true);
  });

  it("shares nothing between two of them", async () => {
    const [one, two] = [await start({ apis: ["oci"] }), await start({ apis: ["oci"] })];
    push(one.store, "app", "v1", image());
    expect([one.store.repositories().length, two.store.repositories().length]).toEqual([1, 0]);
    expect(one.info.oci?.url).not.toBe(two.info.oci?.url);
  });

  it("starts only what is asked for, already filled", async () => {
    const { info, control } = await start({ apis: ["oci"], seed: (store) => void push(store, "app", "v1", image()) });
    expect(Object.keys(info)).toEqual(["control", "oci"]);
    expect(control.state()).toEqual({ repositories: [{ name: "app", tags: { v1: image().digest }, manifests: 1, blobs: 2 }] });
  });

  it("frees its ports when closed, and what had started when one is taken", async () => {
    const again = async (attempts: number): Promise<{ readonly portBase: number; readonly second: Sandbox }> => {
      // Below the range from which systems take the ports of connections, which would come and go meanwhile.
      const portBase = 15_000 + Math.floor(Math.random() * 15_000);
      try {
        const first = await start({ apis: ["oci"], portBase });
        await expect(startSandbox({ apis: ["oci"], portBase })).rejects.toThrow(`EADDRINUSE: address already in use 127.0.0.1:${portBase}`);
        await first.close();
        return { portBase, second: await start({ apis: ["oci"], portBase }) };
      } catch (error) {
        // Another program has one of them; a port that is not freed would fail every time. Not `instanceof Error`: Node's own errors are of another
        // context than the tests'.
        if (String(error).startsWith("Error: listen EADDRINUSE") && attempts > 1) return again(attempts - 1);
        throw error;
      }
    };
    const { portBase, second } = await again(10);
    expect(second.info.control.url).toBe(`http://127.0.0.1:${portBase}`);
    expect(second.info.oci?.url).toBe(`http://127.0.0.1:${portBase + 1}`);
  });

  it("delays every answer of an API, but not of the control endpoint", async () => {
    const { info } = await start({ apis: ["oci"], oci: { auth: "none" }, latency: 40 });
    const begin = performance.now();
    const first = await Promise.race([fetch(`${info.oci?.url}/v2/`), fetch(`${info.control.url}/clock`)]);
    expect(first.url).toBe(`${info.control.url}/clock`);
    await fetch(`${info.oci?.url}/v2/`);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(35);
  });

  it("closes at once, whatever clients are still waiting for", async () => {
    const { info, control, close } = await start({ apis: ["oci"] });
    control.inject({ fault: "slow-header" });
    const waiting = fetch(`${info.oci?.url}/v2/`).then(
      () => "answered",
      () => "cut off",
    );
    while (control.requests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    await close();
    expect(await waiting).toBe("cut off");
  });

  it("with Bearer runs a token server of its own", async () => {
    const { info, control } = await start({ apis: ["oci"], oci: { auth: "bearer", tokenLifetime: 60 } });
    const oci = info.oci ?? { url: "", username: "", password: "" };
    const challenge = (await fetch(`${oci.url}/v2/_catalog`)).headers.get("www-authenticate") ?? "";
    const [, realm, service, scope] = /realm="(.*?)",service="(.*?)",scope="(.*?)"/.exec(challenge) ?? [];
    const answer = await fetch(`${realm}?service=${service}&scope=${scope}`, { headers: basic(oci) });
    const { token, expires_in } = (await answer.json()) as { token: string; expires_in: number };
    expect(expires_in).toBe(60);
    expect((await fetch(`${oci.url}/v2/_catalog`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect(control.requests({ api: "oci-token" })).toHaveLength(1);
  });
});

describe("the control endpoint", () => {
  const call = async (info: Sandbox["info"], method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${info.control.url}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, json: text === "" ? undefined : JSON.parse(text) };
  };

  it("injects faults and takes them back", async () => {
    const { info } = await start({ apis: ["oci"], oci: { auth: "none" } });
    const injected = await call(info, "POST", "/faults", { api: "oci", fault: { kind: "status", status: 503, retryAfter: 3 }, times: 5 });
    expect(injected).toMatchObject({ status: 201, json: { id: 1, times: 5, skip: 0 } });
    expect((await fetch(`${info.oci?.url}/v2/`)).status).toBe(503);
    expect(await call(info, "GET", "/faults")).toMatchObject({ json: { faults: [{ id: 1, times: 4 }] } });
    expect(await call(info, "DELETE", "/faults")).toMatchObject({ status: 204 });
    expect((await fetch(`${info.oci?.url}/v2/`)).status).toBe(200);
  });

  it.each([
    { body: { fault: "nonsense" } },
    { body: { fault: { kind: "delay" } } },
    { body: { fault: "html", path: "(" } },
    { body: { fault: "html", times: 0 } },
    { body: { fault: "html", metod: "GET" } },
    { body: undefined },
  ])("refuses $body in a sentence", async ({ body }) => {
    const { info } = await start({ apis: ["oci"] });
    const answer = await call(info, "POST", "/faults", body);
    expect([answer.status, typeof answer.json.error]).toEqual([400, "string"]);
    expect(await call(info, "GET", "/faults")).toMatchObject({ json: { faults: [] } });
  });

  it("tells the requests, filtered, without their secrets", async () => {
    const { info, control } = await start({ apis: ["oci"] });
    const headers = { ...basic({ username: "admin", password: "topsecret" }), "x-auth-token": "topsecret", cookie: "topsecret" };
    await fetch(`${info.oci?.url}/v2/app/tags/list?n=1`, { headers });
    await fetch(`${info.oci?.url}/v2/app/manifests/v1`, { method: "DELETE" });
    const all = await call(info, "GET", "/requests");
    expect(all.json.requests).toMatchObject([
      {
        n: 1,
        time: "2026-01-01T00:00:00.000Z",
        api: "oci",
        method: "GET",
        path: "/v2/app/tags/list",
        query: "n=1",
        status: 401,
        headers: { authorization: "Basic [redacted]", "x-auth-token": "[redacted]", cookie: "[redacted]" },
      },
      { n: 2, method: "DELETE", status: 401 },
    ]);
    expect(JSON.stringify(all.json)).not.toContain(Buffer.from("admin:topsecret").toString("base64"));
    expect(JSON.stringify(all.json)).not.toContain("topsecret");
    for (const query of ["method=delete", "path=manifests", "api=oci&method=DELETE&status=401"]) {
      expect((await call(info, "GET", `/requests?${query}`)).json.requests.map(({ n }: { n: number }) => n)).toEqual([2]);
    }
    expect((await call(info, "GET", "/requests?api=selectel")).json.requests).toEqual([]);
    expect((await call(info, "DELETE", "/requests")).status).toBe(204);
    expect(control.requests()).toEqual([]);
  });

  it("shows, sets and moves the clock", async () => {
    const { info, clock } = await start({ apis: ["oci"] });
    expect((await call(info, "GET", "/clock")).json).toEqual({ now: "2026-01-01T00:00:00.000Z" });
    expect((await call(info, "PUT", "/clock", { now: "2030-06-01T12:00:00+02:00" })).json).toEqual({ now: "2030-06-01T10:00:00.000Z" });
    expect((await call(info, "POST", "/clock/advance", { ms: 60_000 })).json).toEqual({ now: "2030-06-01T10:01:00.000Z" });
    expect(clock.now().toISOString()).toBe("2030-06-01T10:01:00.000Z");
    expect((await call(info, "PUT", "/clock", { now: "tomorrow" })).status).toBe(400);
  });

  it("shows what is stored", async () => {
    const { info, store } = await start({ apis: ["oci"] });
    push(store, "team/app", "v1", image());
    expect((await call(info, "GET", "/state")).json).toEqual({
      repositories: [{ name: "team/app", tags: { v1: image().digest }, manifests: 1, blobs: 2 }],
    });
  });

  it("names its endpoints to who asks for another", async () => {
    const { info } = await start({ apis: ["oci"] });
    expect(await call(info, "GET", "/nothing")).toMatchObject({
      status: 404,
      json: { endpoints: expect.arrayContaining(["POST /faults"]) },
    });
  });
});
