import type * as pulumi from "@pulumi/pulumi";
import { withSignal } from "../http";
import { check, inputShape, unprinted } from "./check";
import { begin } from "./creation";
import type { CommonInputs, Context, Declaration, Raw, Timeouts } from "./declaration";
import { compare } from "./diff";
import { parseDuration } from "./duration";
import { stateAfterRead } from "./existing";
import { forPeople, Incomplete, InitializationError, ResourceError } from "./failure";
import { markSecrets, normal } from "./normal";
import { settingsOf } from "./settings";
import { type Surroundings, surroundings } from "./surroundings";
import { holdsUnknown } from "./unknown";

/** The input by which the program tells whose resource this is. It is taken out in `check`, so it never reaches the state. */
export const IDENTITY = "__identity";

const DEFAULT_TIMEOUTS: Required<Timeouts> = { create: "10m", update: "10m", delete: "10m", read: "5m" };

/** What the dynamic-provider process calls; all of it is there. */
export type Lifecycle = Required<
  Pick<pulumi.dynamic.ResourceProvider, "configure" | "check" | "diff" | "create" | "read" | "update" | "delete">
>;

/** Turns a declaration's functions into what the dynamic-provider process calls. */
export function lifecycle<I extends CommonInputs, O extends object, C>(
  declaration: Declaration<I, O, C>,
  around: Surroundings = surroundings(),
): Lifecycle {
  const { type } = declaration;
  const version = declaration.schemaVersion ?? 1;
  let client: Promise<C> | undefined;
  let connect: (() => Promise<C>) | undefined;
  /** Whose inputs these are: `check` and `create` of one resource run in one process, and only `check` is told. */
  const identities = new Map<string, string>();
  /** The same by the object's name, for inputs that a policy put right after `check`. Empty where several resources have the name. */
  const owners = new Map<string, string>();

  // Written by this module and upgraded on the way in, or validated by `check`: the engine hands them back as they were.
  const inputsOf = (props: Raw) =>
    Object.fromEntries(Object.keys(inputShape(declaration)).flatMap((key) => (key in props ? [[key, props[key]]] : []))) as unknown as I;
  const stateOf = (props: Raw) => upgraded(props) as unknown as I & O;
  const key = (props: Raw) => declaration.key(inputsOf(props));
  const nameOf = (props: Raw) => {
    try {
      return `${type} ${key(props)}`;
    } catch {
      return type; // `.get` knows no inputs
    }
  };

  function remember(inputs: Raw, identity: string): void {
    identities.set(fingerprint(inputs), identity);
    const name = nameOf(inputs);
    owners.set(name, (owners.get(name) ?? identity) === identity ? identity : "");
  }
  const identityOf = (props: Raw) => identities.get(fingerprint(inputsOf(props))) ?? (owners.get(nameOf(props)) || undefined);

  function upgraded(state: Raw): Raw {
    let current = state;
    const from = typeof state.schemaVersion === "number" ? state.schemaVersion : version;
    if (from > version) {
      throw new ResourceError(
        `${type}: the state was written by a newer version of registry-as-code (schema ${from}, this one knows ${version}): upgrade the package`,
      );
    }
    for (let step = from; step < version; step++) {
      const upgrade = declaration.upgrades?.[step];
      if (!upgrade)
        throw new ResourceError(`${type}: no way leads from state schema ${step} to ${step + 1}: this is a defect of registry-as-code`);
      current = { ...upgrade(current), schemaVersion: step + 1 };
    }
    return current;
  }

  async function operate<T>(
    operation: keyof Timeouts,
    props: Raw,
    run: (context: Context<C>) => Promise<T>,
    name = nameOf(props),
  ): Promise<T> {
    const what = `${operation} of ${name}`;
    const limits = { ...DEFAULT_TIMEOUTS, ...declaration.timeouts, ...(props.timeouts as Timeouts | undefined) }; // validated by `check`
    const milliseconds = parseDuration(limits[operation]);
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new ResourceError(`${what}: not done within ${limits[operation]}`)),
      Math.min(milliseconds, 2 ** 31 - 1),
    );
    try {
      if (!connect) throw new ResourceError(`${type}: the provider was not configured`);
      const context: Context<C> = {
        client: await connect(),
        signal: controller.signal,
        deadline: around.clock.now() + milliseconds,
        clock: around.clock,
        log: around.log,
      };
      return await withSignal(controller.signal, () => run(context));
    } catch (error) {
      if (error instanceof Incomplete) throw initializationError(what, props, error);
      if (controller.signal.aborted)
        throw new ResourceError(
          `${what}: not done within ${limits[operation]}: raise timeouts.${operation}, or run it again to go on. ${messageOf(error)}`.trim(),
        );
      throw forPeople(error, what);
    } finally {
      clearTimeout(timer);
    }
  }

  function initializationError(what: string, props: Raw, error: Incomplete): InitializationError {
    const properties = normal({ ...props, ...error.outputs, schemaVersion: version, __provider: props.__provider }, type);
    return new InitializationError(`${what}: ${error.message}`, error.id, properties, error.reasons);
  }

  const outs = (...parts: readonly object[]) =>
    markSecrets(normal({ ...Object.assign({}, ...parts), schemaVersion: version }, type), declaration.secrets ?? []);

  return {
    async configure({ config }) {
      // Opened by the first operation that sends something: checks and diffs ask nobody. The promise is kept, so that calls which come in meanwhile
      // wait for it or fail with its error: the SDK neither waits for `configure` nor tries it again.
      connect = async () => {
        client ??= declaration.module.connect({ ...settingsOf(declaration.module.name, config, around.env), clock: around.clock });
        return client;
      };
    },

    async check(olds: Raw, news: Raw) {
      const { [IDENTITY]: identity, __provider, schemaVersion: _schemaVersion, ...given } = news;
      const { inputs, failures } = check(declaration, given, around.clock.now());
      const result = normal(inputs, type);
      // Here and not in `diff`, which the engine also asks when a refresh found a change.
      if (declaration.unchangeable && failures.length === 0 && !holdsUnknown(result))
        for (const failure of declaration.unchangeable(inputsOf(olds ?? {}) as Partial<I>, inputsOf(result)))
          failures.push(unprinted(declaration, failure));
      if (typeof identity === "string" && failures.length === 0) remember(result, identity);
      return { inputs: { ...result, __provider }, failures };
    },

    async diff(id, olds: Raw, news: Raw) {
      around.attempts.settled(type, id);
      const last = upgraded(olds);
      const change = compare(declaration, last, news, around.clock.now());
      // Delete first where the new object has the old one's name: the server could not hold both.
      const deleteBeforeReplace = declaration.deleteBeforeReplace ?? sameKey(last, news);
      if (change.replaces.length > 0) return { replaces: [...change.replaces], deleteBeforeReplace };
      if (change.due !== undefined) return { changes: true, deleteBeforeReplace };
      // `changes` is left out where inputs differ, so that the engine shows each property and honours replaceOnChanges.
      return change.inputs.length > 0 ? { deleteBeforeReplace } : { changes: false, deleteBeforeReplace };
    },

    async create(props: Raw) {
      const inputs = inputsOf(props);
      const made = await operate("create", props, (context) => begin(declaration, around, context, inputs, identityOf(props)));
      return { id: made.id, outs: outs(props, made.outputs) };
    },

    async read(id, props: Raw) {
      around.attempts.settled(type, id);
      const last = upgraded(props);
      // `.get` asks with what the program gave, a refresh with the state.
      const isGet = props.schemaVersion === undefined;
      const name = isGet ? `${type} ${id}` : nameOf(last);
      const now = await operate("read", last, (context) => declaration.read(context, id, last as Partial<I & O>), name);
      if (!now) {
        // To a program the engine would hand undefined outputs without a word.
        if (isGet) throw new ResourceError(`${type} ${id} does not exist: nothing to read`);
        return {};
      }
      const { inputs, outputs } = stateAfterRead(declaration, last, now);
      return { id, props: outs(outputs), inputs: { ...inputs, __provider: props.__provider } };
    },

    async update(id, olds: Raw, news: Raw) {
      const last = stateOf(olds);
      const change = compare(declaration, last as Raw, news, around.clock.now());
      const kept = Object.fromEntries(Object.keys(declaration.outputs).map((name) => [name, (last as Raw)[name]]));
      if (change.onlyHandling && change.inputs.length > 0) return { outs: outs(news, kept) };
      if (!declaration.update) throw new ResourceError(`${type} cannot be changed in place: this is a defect of registry-as-code`);
      const { update } = declaration;
      const outputs = await operate("update", news, (context) => update(context, id, inputsOf(news), last));
      return { outs: outs(news, outputs) };
    },

    async delete(id, props: Raw) {
      const last = stateOf(props);
      await operate("delete", props, (context) => declaration.delete(context, id, last));
      around.attempts.settled(type, id);
    },
  };

  function sameKey(last: Raw, news: Raw): boolean {
    try {
      return key(last) === key(news);
    } catch {
      return false;
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof ResourceError ? "" : error instanceof Error ? `(${error.message})` : "");

/** The same inputs give the same text, whatever the order of their keys. */
const fingerprint = (inputs: object): string =>
  JSON.stringify(
    Object.entries(inputs)
      .filter(([name, value]) => name !== "__provider" && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
