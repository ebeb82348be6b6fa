import type { CommandNode, OptionNode } from "../command-tree";

/** For bash 3.2 and later, without the package bash-completion. */
export function bashCompletion(tree: readonly CommandNode[]): string {
  return `# bash completion of registry-as-code
_registry_as_code_paths() {
  local IFS=$'\\n'
  COMPREPLY+=($(compgen "$1" -- "$2"))
  compopt -o filenames 2>/dev/null
}
_registry_as_code() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path="" word
  local -i at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case "$path/$word" in
${tree
  .filter(({ path }) => path.length > 0)
  .map(({ path }) => `      "${under(path)}") path="${under(path)}" ;;`)
  .join("\n")}
    esac
  done
  case "$path $previous" in
${tree.flatMap(values).join("\n")}
  esac
  case "$path" in
${tree.map(node).join("\n")}
  esac
}
complete -F _registry_as_code registry-as-code
`;
}

const under = (path: readonly string[]): string => path.map((name) => `/${name}`).join("");

/** What follows an option that has a value. */
function values({ path, options }: CommandNode): string[] {
  return options
    .filter(({ value }) => value !== "none")
    .map((option) => `    ${option.flags.map((flag) => `"${under(path)} ${flag}"`).join(" | ")}) ${replies(option)}; return ;;`);
}

function replies({ value }: OptionNode): string {
  if (value === "file") return paths("-f");
  if (value === "folder") return paths("-d");
  return typeof value === "string" ? "COMPREPLY=()" : `COMPREPLY=($(compgen -W "${value.join(" ")}" -- "$current"))`;
}

function node({ path, commands, options, words, takesFile }: CommandNode): string {
  const all = [...commands.map(({ name }) => name), ...words, ...options.flatMap(({ flags }) => flags)].join(" ");
  const files = takesFile ? `; ${paths("-f")}` : "";
  return `    "${under(path)}") COMPREPLY=($(compgen -W "${all}" -- "$current"))${files} ;;`;
}

/** A name is a line of what compgen says, spaces and all. bash 3.2 has no compopt: there, a folder is a word like any other. */
const paths = (kind: "-f" | "-d"): string => `_registry_as_code_paths ${kind} "$current"`;
