import type { Command, Option } from "commander";

/** A flag as a shell has to know it. */
export interface FlagWords {
  /** `--file`, `-f`. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values it takes; empty: any. */
  readonly values: readonly string[];
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly FlagWords[];
  /** The only words its first operand may be; empty: any. */
  readonly operands: readonly string[];
  /** True when its first operand is a file. */
  readonly takesFile: boolean;
}

/** The whole command line as words. */
export interface ProgramWords {
  readonly globalFlags: readonly FlagWords[];
  readonly commands: readonly CommandWords[];
}

/** Reads the words off the commander tree itself, so that completion knows exactly what the parser knows. */
export function describeCommands(program: Command): ProgramWords {
  return {
    globalFlags: program.options.map(describeFlag),
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      flags: [command, ...command.commands].flatMap(({ options }) => options.map(describeFlag)),
      // What a command consists of stands where an operand does.
      operands: command.registeredArguments[0]?.argChoices ?? command.commands.map((part) => part.name()),
      // A saved plan is the only file that stands without a flag.
      takesFile: command.registeredArguments.some((operand) => operand.name() === "plan"),
    })),
  };
}

function describeFlag(option: Option): FlagWords {
  return {
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    description: option.description,
    takesValue: option.required,
    values: option.argChoices ?? [],
  };
}
