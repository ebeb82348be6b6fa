import type { CommandNode, OptionNode } from "../command-tree";

/** For fish 3 and later. */
export function fishCompletion(tree: readonly CommandNode[]): string {
  return `# fish completion of registry-as-code
complete -c registry-as-code -f
${tree.flatMap((node) => lines(node)).join("\n")}
`;
}

function lines({ path, commands, options, words, takesFile }: CommandNode): string[] {
  const [name] = path.slice(-1);
  const when = name === undefined ? "__fish_use_subcommand" : path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
  const start = `complete -c registry-as-code -n ${quoted(when)}`;
  return [
    ...commands.map((command) => `${start} -a ${command.name} -d ${quoted(command.description)}`),
    ...words.map((word) => `${start} -a ${word}`),
    ...(takesFile ? [`${start} -F`] : []),
    ...options.map((option) => `${start} ${flagsOf(option)}${argumentOf(option)} -d ${quoted(option.description)}`),
  ];
}

const flagsOf = ({ flags }: OptionNode): string =>
  flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(" ");

function argumentOf({ value }: OptionNode): string {
  if (value === "none") return "";
  if (value === "file") return " -r -F";
  if (value === "folder") return " -x -a '(__fish_complete_directories)'";
  return typeof value === "string" ? " -x" : ` -x -a '${value.join(" ")}'`;
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
