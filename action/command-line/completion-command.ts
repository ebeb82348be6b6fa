import { Argument, type Command } from "commander";
import type * as CommandTree from "./command-tree";
import type * as Bash from "./completion/bash";
import type * as Fish from "./completion/fish";
import type * as Zsh from "./completion/zsh";
import { exitCodes } from "./exit-codes";
import type { Run } from "./program";

export function addCompletionCommand(program: Command, run: Run): void {
  program
    .command("completion")
    .description("Print a script that completes commands and options in a shell.")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", help)
    .action((shell: "bash" | "zsh" | "fish") =>
      run(async (_, terminal) => {
        const { commandTree } = require("./command-tree") as typeof CommandTree;
        const tree = commandTree(program);
        const makers = {
          bash: () => (require("./completion/bash") as typeof Bash).bashCompletion(tree),
          zsh: () => (require("./completion/zsh") as typeof Zsh).zshCompletion(tree),
          fish: () => (require("./completion/fish") as typeof Fish).fishCompletion(tree),
        };
        await terminal.piece(makers[shell]());
        return exitCodes.done;
      }),
    );
}

const help = `
Examples:
  # bash, now; for ever: into ~/.local/share/bash-completion/completions/registry-as-code
  source <(registry-as-code completion bash)

  # zsh, into a folder of $fpath
  registry-as-code completion zsh > ~/.zfunc/_registry-as-code

  registry-as-code completion fish > ~/.config/fish/completions/registry-as-code.fish`;
