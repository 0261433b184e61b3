import type { CommandWords, FlagWords, ProgramWords } from "../flags/completion-words.ts";

export type Shell = "bash" | "zsh" | "fish";

/** The completion script of a shell. */
export function renderCompletion(shell: Shell, words: ProgramWords): string {
  return RENDERERS[shell](words);
}

const RENDERERS = { bash: renderBash, zsh: renderZsh, fish: renderFish } satisfies Record<
  Shell,
  (words: ProgramWords) => string
>;

function renderBash(words: ProgramWords): string {
  return `# bash completion for axcess: eval "$(axcess completion bash)"
_axcess() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${words.commands.map((command) => command.name).join("|")}) command="$word"; break ;;
    esac
  done
${bashCases(words)}
}
complete -o default -F _axcess axcess
`;
}

function bashCases(words: ProgramWords): string {
  const globals = flagNames(words.globalFlags);
  const commandCases = words.commands.map((command) => {
    const offered = [...command.operands, ...flagNames(command.flags), ...globals].join(" ");
    // Nothing offered: the shell completes a file.
    const file = command.takesFile ? ` [[ "$current" == -* ]] || return 0` : "";
    return `    ${command.name}) offered="${offered}"${file && `;${file}`} ;;`;
  });
  return `  local offered="${[...words.commands.map((command) => command.name), ...globals].join(" ")}"
  case "$command" in
${commandCases.join("\n")}
  esac
  case "$command $previous" in
${bashValueCases(words).join("\n")}
  esac
  case "$current" in
    -*|"") ;;
    */*|.*) return 0 ;;
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$current"))`;
}

/** Flags with a value: their only values are offered, or nothing, so that the shell completes a file. */
function bashValueCases(words: ProgramWords): readonly string[] {
  const ofCommands = words.commands.flatMap((command) =>
    command.flags.map((flag) => ({ flag, command: command.name })),
  );
  const all = [...ofCommands, ...words.globalFlags.map((flag) => ({ flag, command: "*" }))];
  return all
    .filter(({ flag }) => flag.takesValue)
    .map(({ flag, command }) => {
      const pattern = flag.names.map((name) => (command === "*" ? `*" ${name}"` : `"${command} ${name}"`)).join("|");
      if (flag.values.length === 0) return `    ${pattern}) return 0 ;;`;
      return `    ${pattern}) COMPREPLY=($(compgen -W "${flag.values.join(" ")}" -- "$current")); return 0 ;;`;
    });
}

function flagNames(flags: readonly FlagWords[]): readonly string[] {
  return flags.flatMap((flag) => flag.names);
}

function renderZsh(words: ProgramWords): string {
  const commands = words.commands.map((command) => `    ${quote(`${command.name}:${zshText(command.description)}`)}`);
  const cases = words.commands.map((command) => zshCase(command, words.globalFlags));
  return `#compdef axcess
# zsh completion for axcess: source <(axcess completion zsh)
_axcess() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.join("\n")}
  )
  # After the command's name its own flags count, not the ones of here.
  _arguments -C -A '-*' \\
${zshFlags(words.globalFlags)}
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${cases.join("\n")}
      esac ;;
  esac
}
compdef _axcess axcess
`;
}

function zshCase(command: CommandWords, globals: readonly FlagWords[]): string {
  const words = command.operands.length === 0 ? [] : [`    '1:value:(${command.operands.join(" ")})' \\\n`];
  const operand = command.takesFile ? [`    '1:file:_files' \\\n`] : words;
  return `        ${command.name})
          _arguments \\
${operand.join("")}${zshFlags([...command.flags, ...globals])}
            ;;`;
}

function zshFlags(flags: readonly FlagWords[]): string {
  return flags.flatMap((flag) => flag.names.map((name) => `    ${quote(zshFlag(flag, name))} \\`)).join("\n");
}

function zshFlag(flag: FlagWords, name: string): string {
  const head = `*${name}[${zshText(flag.description)}]`;
  if (!flag.takesValue) return head;
  return flag.values.length === 0 ? `${head}:value:_files` : `${head}:value:(${flag.values.join(" ")})`;
}

/** Brackets and colons have a meaning in what `_arguments` and `_describe` are given. */
function zshText(text: string): string {
  return text.replace(/[[\]:\\]/gu, "\\$&");
}

function renderFish(words: ProgramWords): string {
  const lines = [
    "# fish completion for axcess: axcess completion fish | source",
    ...words.commands.map(
      (command) =>
        `complete -c axcess -n __fish_use_subcommand -f -a ${command.name} -d ${fishQuote(command.description)}`,
    ),
    ...words.globalFlags.map((flag) => `complete -c axcess ${fishFlag(flag)}`),
    ...words.commands.flatMap((command) => {
      const seen = `complete -c axcess -n '__fish_seen_subcommand_from ${command.name}'`;
      const operands = command.operands.length === 0 ? [] : [`${seen} -f -a '${command.operands.join(" ")}'`];
      return [...operands, ...command.flags.map((flag) => `${seen} ${fishFlag(flag)}`)];
    }),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function fishFlag(flag: FlagWords): string {
  const names = flag.names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = flag.takesValue ? " -r" : "";
  const values = flag.values.length === 0 ? "" : ` -f -a '${flag.values.join(" ")}'`;
  return `${names.join(" ")}${value}${values} -d ${fishQuote(flag.description)}`;
}

function fishQuote(text: string): string {
  return `'${text.replace(/['\\]/gu, "\\$&")}'`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
