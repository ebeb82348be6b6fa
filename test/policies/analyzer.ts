/**
 * Drives the SDK's real `cmd/run-policy-pack` over the Analyzer service the way the engine does: internal properties are left out for analysis
 * and sent for remediation (analyzer_plugin.go of the engine).
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { Readable } from "node:stream";
import type { Client, ServiceError } from "@grpc/grpc-js";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { Message } from "google-protobuf";
import { listenPort } from "../engine/listen-port";
import { grpc } from "../engine/sdk";
import { decodeMap, encodeMap, fromStruct, type Json, toStruct } from "../engine/values";

const own = createRequire(__filename);
// `require` gives `any`; each cast names the declaration file of exactly the module that is loaded.
const proto = own("@pulumi/pulumi/proto/analyzer_pb") as typeof import("@pulumi/pulumi/proto/analyzer_pb");
const service = own("@pulumi/pulumi/proto/analyzer_grpc_pb") as typeof import("@pulumi/pulumi/proto/analyzer_grpc_pb");

export interface Analyzed {
  readonly type: string;
  readonly urn: string;
  readonly props: { readonly [key: string]: Json };
  readonly provider?: string;
  /** The provider's own inputs. */
  readonly configured?: { readonly [key: string]: Json };
  /** By property: URNs. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

export interface Diagnosis {
  readonly policy: string;
  readonly message: string;
  readonly level: string;
  readonly urn: string;
}

export type Settings = Readonly<Record<string, { readonly level: "mandatory" | "remediate" | "disabled"; readonly properties: object }>>;

const LEVELS = {
  mandatory: proto.EnforcementLevel.MANDATORY,
  remediate: proto.EnforcementLevel.REMEDIATE,
  disabled: proto.EnforcementLevel.DISABLED,
};

export class Analyzer {
  private constructor(
    readonly child: ChildProcessByStdio<null, Readable, Readable>,
    private readonly client: AnalyzerClient & Client,
    private readonly printed: string[],
  ) {}

  static async start(dir: string): Promise<Analyzer> {
    const script = createRequire(path.join(dir, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const { NODE_OPTIONS: _options, JEST_WORKER_ID: _worker, ...env } = process.env;
    const child = spawn(process.execPath, [script, "127.0.0.1:1", dir], { cwd: dir, env, stdio: ["ignore", "pipe", "pipe"] });
    const printed: string[] = [];
    const port = await listenPort(child, (_stream, text) => void printed.push(text));
    return new Analyzer(child, new service.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure()), printed);
  }

  /** Everything that the process printed. */
  get output(): string {
    return this.printed.join("");
  }

  /** The pack as it introduces itself to the engine. */
  async info(): Promise<{ name: string; policies: { name: string; level: string; properties: unknown }[] }> {
    const { Empty } = createRequire(own.resolve("@pulumi/pulumi/package.json"))(
      "google-protobuf/google/protobuf/empty_pb",
    ) as typeof import("google-protobuf/google/protobuf/empty_pb");
    const answer = await this.#call<InstanceType<typeof proto.AnalyzerInfo>>("getAnalyzerInfo", new Empty());
    return {
      name: answer.getName(),
      policies: answer.getPoliciesList().map((policy) => ({
        name: policy.getName(),
        level: levelName(policy.getEnforcementlevel()),
        properties: policy.getConfigschema()?.getProperties()?.toJavaScript(),
      })),
    };
  }

  async configure(settings: Settings): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [name, { level, properties }] of Object.entries(settings)) {
      const one = new proto.PolicyConfig();
      one.setEnforcementlevel(LEVELS[level]);
      one.setProperties(toStruct(decodeMap({ ...properties })));
      request.getPolicyconfigMap().set(name, one);
    }
    await this.#call("configure", request);
  }

  async analyze(resource: Analyzed): Promise<Diagnosis[]> {
    return diagnoses(await this.#call("analyze", requestOf(resource, true)));
  }

  async analyzeStack(resources: readonly Analyzed[]): Promise<Diagnosis[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(
      resources.map(({ type, urn, props, provider, configured, from = {} }) => {
        const one = new proto.AnalyzerResource();
        one.setType(type);
        one.setUrn(urn);
        one.setName("r");
        one.setProperties(wire(props, true));
        one.setOptions(new proto.AnalyzerResourceOptions());
        if (provider !== undefined) one.setProvider(providerOf(provider, configured));
        for (const [key, urns] of Object.entries(from)) {
          const dependencies = new proto.AnalyzerPropertyDependencies();
          dependencies.setUrnsList([...urns]);
          one.getPropertydependenciesMap().set(key, dependencies);
        }
        return one;
      }),
    );
    return diagnoses(await this.#call("analyzeStack", request));
  }

  /** What each remediation made of the inputs: secrets as they came, in their envelope. */
  async remediate(resource: Analyzed): Promise<{ policy: string; props: unknown; diagnostic: string }[]> {
    const answer = await this.#call<InstanceType<typeof proto.RemediateResponse>>("remediate", requestOf(resource, false));
    return answer.getRemediationsList().map((one) => ({
      policy: one.getPolicyname(),
      props: encodeMap(fromStruct(one.getProperties()) ?? {}),
      diagnostic: one.getDiagnostic(),
    }));
  }

  async close(): Promise<void> {
    this.client.close();
    const gone = once(this.child, "exit");
    this.child.kill();
    await gone;
  }

  #call<Response>(method: "analyze" | "analyzeStack" | "remediate" | "configure" | "getAnalyzerInfo", request: Message): Promise<Response> {
    return new Promise((resolve, reject) => {
      // Each method takes its own request and answers its own response; callers name both.
      const call = this.client[method] as unknown as (
        this: Client,
        request: Message,
        callback: (error: ServiceError | null, response: Response) => void,
      ) => void;
      call.call(this.client, request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }
}

function requestOf({ type, urn, props, provider, configured }: Analyzed, analysis: boolean): InstanceType<typeof proto.AnalyzeRequest> {
  const request = new proto.AnalyzeRequest();
  request.setType(type);
  request.setUrn(urn);
  request.setName("r");
  request.setProperties(wire(props, analysis));
  request.setOptions(new proto.AnalyzerResourceOptions());
  if (provider !== undefined) request.setProvider(providerOf(provider, configured));
  return request;
}

const wire = (props: Analyzed["props"], analysis: boolean) =>
  toStruct(decodeMap(Object.fromEntries(Object.entries(props).filter(([key]) => !analysis || !key.startsWith("__")))));

function providerOf(urn: string, configured: Analyzed["configured"] = {}): InstanceType<typeof proto.AnalyzerProviderResource> {
  const provider = new proto.AnalyzerProviderResource();
  provider.setType("pulumi:providers:pulumi-nodejs");
  provider.setUrn(urn);
  provider.setName("default");
  provider.setProperties(wire(configured, false));
  return provider;
}

const diagnoses = (answer: InstanceType<typeof proto.AnalyzeResponse>): Diagnosis[] =>
  answer.getDiagnosticsList().map((one) => ({
    policy: one.getPolicyname(),
    message: one.getMessage(),
    level: levelName(one.getEnforcementlevel()),
    urn: one.getUrn(),
  }));

const levelName = (level: number): string =>
  Object.entries(proto.EnforcementLevel)
    .find(([, number]) => number === level)?.[0]
    .toLowerCase() ?? "";
