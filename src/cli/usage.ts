/** The wording of usage errors. A value is never repeated: it may be a secret in the wrong place. */
import { PmError } from "../core/errors.ts";
import { shellWord } from "./shell-word.ts";

/** An argument or option, called `what`, of the command `name` is none of its choices. */
export function choiceError(name: string, what: string, choices: readonly string[] = []): PmError {
  return new PmError("usage", `${what} must be one of ${choices.join(", ")}`, {
    hint: `pm help ${name}`.trim(),
  });
}

/** Words that may be another program's stand where pm would read its own. */
export function misplaced(name: string): PmError {
  return new PmError("usage", `pm ${name} takes the command behind --`, {
    hint: `pm ${name} [OPTIONS] -- COMMAND [ARGUMENTS]`,
  });
}

/** Turns commander's `code` and `message` about the command `words` into an error of pm. */
export function usageError(code: string, message: string, words: readonly string[]): PmError {
  const [quoted = "", suggestion] = partsOf(message);
  const command = ["pm", ...words].join(" ");
  const hint = ["pm help", ...words].join(" ");
  if (words[0] === "strength") return secretArgument(code, hint);
  switch (code) {
    case "commander.unknownCommand":
      return unknownCommand(quoted, words, suggestion);
    case "commander.unknownOption":
      return unknownOption(quoted, words, suggestion);
    case "commander.optionMissingArgument":
      return new PmError("usage", `${longOption(quoted)} needs a value`, { hint });
    case "commander.missingArgument":
      return new PmError("usage", `${command} needs ${quoted.toUpperCase()}`, { hint });
    case "commander.excessArguments":
      return new PmError("usage", `too many arguments for ${command}`, {
        hint: `put a name that contains spaces in quotes, and see ${hint}`,
      });
    case "commander.help":
      return new PmError("usage", `${command} needs a subcommand`, { hint });
    default:
      return new PmError("usage", `${command} was called wrongly`, { hint });
  }
}

/** Whatever stands after `strength` and is no option of it may be the password: not even its start is told. */
function secretArgument(code: string, help: string): PmError {
  const needsValue = code === "commander.optionMissingArgument";
  if (needsValue) return new PmError("usage", "--min needs a value", { hint: help });
  return new PmError("usage", "pm strength reads the password from standard input, never an argument", {
    hint: "pm get NAME | pm strength; what was typed is in the history of your shell now",
  });
}

function unknownOption(token: string, words: readonly string[], suggestion: string | undefined): PmError {
  const help = ["pm help", ...words].join(" ");
  // Without a value: `--password=x` and `-px` are named `--password` and `-p`.
  const option = token.startsWith("--") ? token.replace(/=.*$/s, "") : token.slice(0, 2);
  if (option === suggestion) return new PmError("usage", `${option} takes no value`, { hint: help });
  return new PmError("usage", `${["pm", ...words].join(" ")} has no option ${option}`, {
    hint: suggestion === undefined ? help : `did you mean ${suggestion}?`,
  });
}

/** The text in quotes and the suggestion of a message such as "error: unknown option '--x'\n(Did you mean --y?)". */
function partsOf(message: string): readonly [string | undefined, string | undefined] {
  const [line = "", ...rest] = message.split("\n(Did you mean ");
  const quoted = /'(.*)'/s.exec(line)?.[1];
  return [quoted, rest.at(-1)?.replace(/\?\)$/, "")];
}

function unknownCommand(word: string, words: readonly string[], suggestion: string | undefined): PmError {
  const command = ["pm", ...words].join(" ");
  const name = shellWord(word);
  if (suggestion !== undefined) {
    const meant = suggestion.startsWith("one of ") ? suggestion : `\`${command} ${suggestion}\``;
    return new PmError("usage", `${command} has no command ${name}`, { hint: `did you mean ${meant}?` });
  }
  const hint = words.length === 0 ? `did you mean \`pm get ${name}\`?` : `pm help ${words.join(" ")}`;
  return new PmError("usage", `${command} has no command ${name}`, { hint });
}

function longOption(flags: string): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags;
}
