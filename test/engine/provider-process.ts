/**
 * Drives the SDK's real `cmd/dynamic-provider` process over gRPC the way the engine's provider_plugin.go does:
 * secrets are stripped on the way in, marked again on the way out, init failures unpacked.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import type { Readable } from "node:stream";
import type { Client, ServiceError } from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Message } from "google-protobuf";
import { listenPort } from "./listen-port";
import { toProviderError } from "./provider-error";
import { grpc, MAX_MESSAGE, providerGrpc, providerProto } from "./sdk";
import { annotateSecrets, fromStruct, type PropertyMap, toStruct } from "./values";

export interface ProviderOptions {
  /** The program's folder: `require` inside `__provider` resolves from there. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly project: string;
  readonly node: string;
  /** Told whatever the process prints after its port. */
  readonly onOutput?: (stream: "stdout" | "stderr", text: string) => void;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface ProviderDiff {
  /** `undefined`: the provider has not said. */
  readonly changes: boolean | undefined;
  readonly replaces: readonly string[];
  readonly diffs: readonly string[];
  readonly stables: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly hasDetailedDiff: boolean;
}

export interface ReadResult {
  /** Empty: the object is gone. */
  readonly id: string;
  readonly outputs: PropertyMap | undefined;
  readonly inputs: PropertyMap | undefined;
}

type Method = "configure" | "check" | "diff" | "create" | "read" | "update" | "delete";

export class ProviderProcess {
  private constructor(
    readonly child: ChildProcessByStdio<null, Readable, Readable>,
    private readonly client: ResourceProviderClient & Client,
  ) {}

  static async start(options: ProviderOptions): Promise<ProviderProcess> {
    const script = createRequire(path.join(options.cwd, "package.json")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    // The engine's address is demanded but never dialled.
    const child = spawn(options.node, [script, "127.0.0.1:1"], {
      cwd: options.cwd,
      env: { ...options.env, PULUMI_NODEJS_PROJECT: options.project, PULUMI_PROJECT: options.project },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const port = await listenPort(child, options.onOutput ?? (() => undefined));
    const size = { "grpc.max_receive_message_length": MAX_MESSAGE, "grpc.max_send_message_length": MAX_MESSAGE };
    const client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), size);
    return new ProviderProcess(child, client);
  }

  async configure(config: PropertyMap): Promise<{ acceptSecrets: boolean; supportsPreview: boolean }> {
    const request = new providerProto.ConfigureRequest();
    request.setArgs(toStruct(config));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    const response = await this.call<InstanceType<typeof providerProto.ConfigureResponse>>("configure", request);
    return { acceptSecrets: response.getAcceptsecrets(), supportsPreview: response.getSupportspreview() };
  }

  async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
    const request = new providerProto.CheckRequest();
    request.setUrn(urn);
    request.setOlds(plain(olds));
    request.setNews(plain(news));
    const response = await this.call<InstanceType<typeof providerProto.CheckResponse>>("check", request);
    const inputs = fromStruct(response.getInputs()) ?? {};
    annotateSecrets(inputs, news);
    return {
      inputs,
      failures: response.getFailuresList().map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  async diff(urn: string, id: string, old: Olds, news: PropertyMap, ignoreChanges: readonly string[] = []): Promise<ProviderDiff> {
    const request = new providerProto.DiffRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(plain(old.outputs));
    request.setOldInputs(plain(old.inputs));
    request.setNews(plain(news));
    request.setIgnorechangesList([...ignoreChanges]);
    const response = await this.call<InstanceType<typeof providerProto.DiffResponse>>("diff", request);
    const { DIFF_SOME, DIFF_NONE } = providerProto.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      changes: changes === DIFF_SOME ? true : changes === DIFF_NONE ? false : undefined,
      replaces: response.getReplacesList(),
      diffs: response.getDiffsList(),
      stables: response.getStablesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      hasDetailedDiff: response.getHasdetaileddiff(),
    };
  }

  async create(urn: string, inputs: PropertyMap, timeout = 0): Promise<{ id: string; outputs: PropertyMap }> {
    const request = new providerProto.CreateRequest();
    request.setUrn(urn);
    request.setProperties(plain(inputs));
    request.setTimeout(timeout);
    const response = await this.call<InstanceType<typeof providerProto.CreateResponse>>("create", request, inputs);
    const outputs = fromStruct(response.getProperties()) ?? {};
    annotateSecrets(outputs, inputs);
    return { id: response.getId(), outputs };
  }

  /** `inputs` and `state` undefined: an import, which tells the provider nothing but the id. */
  async read(urn: string, id: string, inputs: PropertyMap | undefined, state: PropertyMap | undefined): Promise<ReadResult> {
    const request = new providerProto.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    if (state !== undefined) request.setProperties(plain(state));
    if (inputs !== undefined) request.setInputs(plain(inputs));
    const response = await this.call<InstanceType<typeof providerProto.ReadResponse>>("read", request);
    const result = { id: response.getId(), outputs: fromStruct(response.getProperties()), inputs: fromStruct(response.getInputs()) };
    annotateSecrets(result.outputs, state);
    annotateSecrets(result.inputs, inputs);
    return result;
  }

  async update(urn: string, id: string, old: Olds, news: PropertyMap, timeout = 0): Promise<{ outputs: PropertyMap }> {
    const request = new providerProto.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(plain(old.outputs));
    request.setOldInputs(plain(old.inputs));
    request.setNews(plain(news));
    request.setTimeout(timeout);
    const response = await this.call<InstanceType<typeof providerProto.UpdateResponse>>("update", request, news);
    const outputs = fromStruct(response.getProperties()) ?? {};
    annotateSecrets(outputs, news);
    return { outputs };
  }

  async delete(urn: string, id: string, old: Olds, timeout = 0): Promise<void> {
    const request = new providerProto.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(plain(old.outputs));
    request.setOldInputs(plain(old.inputs));
    request.setTimeout(timeout);
    await this.call("delete", request);
  }

  async close(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.client.close();
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill(signal);
    await gone;
  }

  /** `sent`: inputs whose secrets are marked again on the properties of an init failure. */
  private call<Response extends Message>(method: Method, request: Message, sent?: PropertyMap): Promise<Response> {
    // The generated client declares an overloaded method an operation; they all have this shape.
    const invoke = this.client[method] as unknown as (
      request: Message,
      done: (error: ServiceError | null, response: Response) => void,
    ) => void;
    return new Promise((resolve, reject) => {
      invoke.call(this.client, request, (error, response) => {
        if (error === null) return resolve(response);
        const failure = toProviderError(error);
        annotateSecrets(failure.init?.properties, sent);
        reject(failure);
      });
    });
  }
}

export interface Olds {
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

function plain(map: PropertyMap) {
  return toStruct(map, { secrets: false });
}
