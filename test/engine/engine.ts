/**
 * What every lifecycle test and the demo are written against: an engine opens a program's folder as a stack,
 * a stack is previewed, brought up, refreshed and destroyed as a person does with the `pulumi` command.
 *
 * Two engines stand behind it: the real one (the `pulumi` command in a scratch home with a `file://` backend) and the
 * embedded one (a test engine in this folder, which drives the SDK's real program runner and dynamic-provider process).
 * Results are normalised so that one scenario gives EQUAL results on both.
 */
export interface Engine {
  readonly kind: "embedded" | "real";
  /** For people: which engine this is and, for the embedded one, that it is not Pulumi itself. */
  readonly description: string;
  open(project: ProjectOptions): Promise<Stack>;
}

export interface ProjectOptions {
  /** The program's folder: package.json with `main`, node_modules; Pulumi.yaml if there is one, else one is made up. */
  readonly dir: string;
  /** Default: `name` of Pulumi.yaml, else `project`. */
  readonly project?: string;
  /** Default: `dev`. */
  readonly stack?: string;
  /** Added to this process's environment for engine, program and providers; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Stack configuration; a key without a colon belongs to the project (`pulumi config set` does the same). */
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /** Whether the SDK's own TypeScript loader is on. Default: what Pulumi.yaml says, else true, as with Pulumi itself. */
  readonly typescript?: boolean;
  /** Verbosity of the real engine's log on stderr (`--logtostderr -v=N`), for searches for secrets. Default: no log. The embedded engine has none. */
  readonly verbosity?: number;
  /** Policy packs that preview and up are run under, with a file of settings each. The real engine alone can; the embedded one refuses them. */
  readonly policyPacks?: readonly { readonly dir: string; readonly config: string }[];
  /** The Node that runs program and providers. Default: the one of this process, or the project's own if that is too old. */
  readonly node?: string;
}

export type ConfigValue = string | { readonly secret: string };

export interface Stack {
  preview(): Promise<Result>;
  up(): Promise<Result>;
  refresh(): Promise<Result>;
  destroy(): Promise<Result>;
  /** `pulumi import --file`, for entries that carry inputs and outputs. The embedded engine has no import. */
  importFile?(file: string): Promise<Result>;
  /** The state as it lies on disk: secrets are ciphertext on both engines. */
  export(): Promise<Deployment>;
  /** The state with its secrets decrypted to `{ secret: value }`, without ids and times that differ from run to run. */
  state(): Promise<readonly PlainResource[]>;
  setConfig(key: string, value: ConfigValue): Promise<void>;
  removeConfig(key: string): Promise<void>;
  /**
   * SIGKILL for engine, program and providers of the running operation, whose promise then resolves with `ok: false`.
   * What had been finished stays in the state. On the real engine the stack's lock is lifted too (`pulumi cancel`).
   * Does nothing when nothing runs.
   */
  kill(): Promise<void>;
  /** Ends what still runs and removes the scratch folder; the program's folder stays as it was. */
  close(): Promise<void>;
}

/**
 * `replace` is the decision, `create-replacement` and `delete-replaced` what is done for it.
 * In a refresh the op is what came of reading: `same`, `update` (drift) or `delete` (gone).
 */
export type Op =
  | "create"
  | "same"
  | "update"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "delete"
  | "read"
  /** An external resource (`.get()`) leaves the state; its object stays. */
  | "discard"
  | "discard-replaced"
  | "import";

export interface Step {
  readonly op: Op;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** For `replace` and `create-replacement`: the properties that made it necessary, sorted. */
  readonly keys?: readonly string[];
  /** For `update`, `replace` and `create-replacement`: the properties that differ, sorted; absent when the provider said that there is a change and not where. */
  readonly diffs?: readonly string[];
}

export interface Diagnostic {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
  /** Absent for what concerns the whole stack. */
  readonly urn?: string;
}

export interface Result {
  readonly ok: boolean;
  /** Sorted by URN, then by order within the resource. Root stack and default providers are left out. */
  readonly steps: readonly Step[];
  /** Number of steps by op, as the engine's own summary counts them: a replacement is one `replace`. */
  readonly changes: Readonly<Partial<Record<Op, number>>>;
  /** The stack's outputs: secrets as `{ secret: value }`, what is not known in a preview as {@link UNKNOWN}. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly Diagnostic[];
  /** Everything that was printed, by whomever: search here for secrets in clear. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Stands in {@link Result.outputs} for a value that only `up` will know. The SDK's own sentinel, so it is plain JSON. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource in the engine's own state format, version 3. */
export interface DeploymentResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly external?: boolean;
  readonly delete?: boolean;
  readonly pendingReplacement?: boolean;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly initErrors?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
}

export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: DeploymentResource;
}

export interface Deployment {
  readonly resources: readonly DeploymentResource[];
  readonly pending_operations?: readonly PendingOperation[];
  readonly secrets_providers?: { readonly type: string; readonly state?: { readonly salt?: string } };
}

/** {@link DeploymentResource} ready to be compared: secrets as `{ secret: value }`, provider references without their id. */
export type PlainResource = DeploymentResource;

export { engines, preferredEngine } from "./engines";
