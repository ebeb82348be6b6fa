import type { Command, Option } from "commander";

/** What completion needs of a command. */
export interface CommandNode {
  /** Without the program's own name. */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionNode[];
  /** Words that may stand as arguments; `file` where it is one. */
  readonly words: readonly string[];
  readonly takesFile: boolean;
}

export interface OptionNode {
  /** `--json`, `-q`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly value: "none" | "text" | "file" | "folder" | readonly string[];
}

/** All commands that are shown, each with what can follow it. */
export function commandTree(command: Command, path: readonly string[] = []): readonly CommandNode[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const args = command.registeredArguments;
  const node: CommandNode = {
    path,
    description: firstSentence(command.description()),
    commands: commands.map((one) => ({ name: one.name(), description: firstSentence(one.description()) })),
    options: help.visibleOptions(command).map(optionNode),
    words: args.flatMap(({ argChoices }) => argChoices ?? []),
    takesFile: args.some((argument) => argument.name() === "plan"),
  };
  const own = commands.filter((one) => command.commands.includes(one));
  return [node, ...own.flatMap((one) => commandTree(one, [...path, one.name()]))];
}

function optionNode(option: Option): OptionNode {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const placeholder = /<([^>]+)>/.exec(option.flags)?.[1];
  const kind = placeholder === "file" || placeholder === "folder" ? placeholder : "text";
  return {
    flags,
    description: firstSentence(option.description),
    value: placeholder === undefined ? "none" : (option.argChoices ?? kind),
  };
}

/** Up to the first stop that ends a sentence, without it. */
const firstSentence = (text: string): string => (/^(.*?)[.:;](?:\s|$)/s.exec(text)?.[1] ?? text).slice(0, 80);
