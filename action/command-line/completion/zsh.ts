import type { CommandNode, OptionNode } from "../command-tree";

/** For zsh's own completion system: a function for each command. */
export function zshCompletion(tree: readonly CommandNode[]): string {
  return `#compdef registry-as-code
# zsh completion of registry-as-code
${tree.map(definition).join("\n")}
if [ "$funcstack[1]" = "_registry-as-code" ]; then
  _registry-as-code "$@"
else
  compdef _registry-as-code registry-as-code
fi
`;
}

const functionOf = (path: readonly string[]): string => ["_registry-as-code", ...path].join("-");

function definition({ path, commands, options, words, takesFile }: CommandNode): string {
  const specs = options.map(option);
  if (words.length > 0) specs.push(`'1:word:(${words.join(" ")})'`);
  if (takesFile) specs.push("'1:plan:_files'");
  if (commands.length === 0) return `${functionOf(path)}() {\n  _arguments ${specs.join(" \\\n    ")}\n}`;
  const names = commands.map(({ name, description }) => `    ${quoted(`${name}:${description.replaceAll(":", "\\:")}`)}`).join("\n");
  // `help` has no function of its own.
  const cases = commands
    .filter(({ name }) => name !== "help")
    .map(({ name }) => `        ${name}) ${functionOf([...path, name])} ;;`)
    .join("\n");
  return `${functionOf(path)}() {
  local -a commands
  local context state line
  commands=(
${names}
  )
  _arguments -C ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(" \\\n    ")}
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${cases}
      esac ;;
  esac
}`;
}

function option({ flags, description, value }: OptionNode): string {
  const text = `[${description.replaceAll("[", "(").replaceAll("]", ")").replaceAll(":", "\\:")}]`;
  const after = valueSpec(value);
  const [first = "", second] = flags;
  if (second === undefined) return quoted(`${value === "none" ? "" : "*"}${first}${text}${after}`);
  return `'(${flags.join(" ")})'{${flags.join(",")}}${quoted(`${text}${after}`)}`;
}

function valueSpec(value: OptionNode["value"]): string {
  if (value === "none") return "";
  if (value === "file") return ":file:_files";
  if (value === "folder") return ":folder:_files -/";
  return typeof value === "string" ? ":value: " : `:value:(${value.join(" ")})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
