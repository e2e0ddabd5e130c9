/** A text in the user's editor: which one it is, where the text stands meanwhile, whether to try again. */
import { fromUtf8, utf8, wipe } from "../core/bytes.ts";
import { PmError } from "../core/errors.ts";
import type { PrivateFile } from "../node/private-file.ts";
import type { Context } from "./context.ts";
import { childEnv } from "./child-env.ts";
import { isEmptyDocument } from "./document-reader.ts";
import { NOTICE_SIGN } from "./document.ts";
import { editorCommand } from "./editor-command.ts";
import { escapeControls } from "./escape.ts";

const MAX_TEXT_BYTES = 1_048_576;

/** The words of the terminal's question. */
const AGAIN = "edit again";
const QUIT = "quit, nothing is saved";

export interface TextEditor extends Disposable {
  /** The text as it was left; never one without content. @throws PmError */
  edit(text: string): Promise<string>;
}

/**
 * The editor's command, before anything is asked or opened.
 * @throws PmError "locked" where there is nobody to edit, "unavailable" where there is no such program
 */
export async function chooseEditor(ctx: Context): Promise<readonly string[]> {
  const { io, globals } = ctx;
  if (globals.noInput) {
    throw new PmError("locked", "an editor needs somebody, and prompts are turned off", {
      hint: "pm set changes an entry",
    });
  }
  const chosen = editorCommand(io.env);
  if (chosen === undefined && !hasPerson(ctx)) {
    throw new PmError("locked", "an editor needs a terminal, and there is none", {
      hint: "set EDITOR to a program that needs none, or use pm set",
    });
  }
  const argv = chosen ?? ["vi"];
  const { hasLeftoverProtection, requireEditor } = await import("../node/editor.ts");
  requireEditor(argv, io.env["PATH"]);
  if (!hasLeftoverProtection(argv, io.env["PATH"])) {
    await ctx.out.note(`pm does not know how to keep "${argv[0] ?? ""}" from leaving copies of the text`);
  }
  return argv;
}

export interface EditorOptions {
  readonly argv: readonly string[];
  readonly allowDisk: boolean;
}

/** @throws PmError "unavailable" where there is no safe place for the text */
export async function openEditor(ctx: Context, { argv, allowDisk }: EditorOptions): Promise<TextEditor> {
  const [{ openPrivateFile }, { runEditor }] = await Promise.all([
    import("../node/private-file.ts"),
    import("../node/editor.ts"),
  ]);
  const { io } = ctx;
  const file = openPrivateFile({ env: io.env, allowDisk });
  const call = { argv, file: file.path, directory: file.directory, env: childEnv(io.env), cwd: io.cwd };
  return {
    edit: async (text) => {
      write(file, text);
      await runEditor({ ...call, onTerminal: io.stdin.isTTY && io.stdout.isTTY });
      const left = read(file);
      if (!isEmptyDocument(left)) return left;
      throw new PmError("usage", "the text was left empty; nothing was changed", {
        hint: "pm rm NAME removes an entry, pm unset NAME FIELD a field",
      });
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

function write(file: PrivateFile, text: string): void {
  const bytes = utf8(text);
  try {
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new PmError(
        "limit",
        `the entry is too large for an editor: over ${MAX_TEXT_BYTES} bytes as text`,
        {
          hint: "pm set NAME field=@FILE changes one field",
        },
      );
    }
    file.write(bytes);
  } finally {
    wipe(bytes);
  }
}

function read(file: PrivateFile): string {
  const bytes = file.read(MAX_TEXT_BYTES);
  try {
    const text = fromUtf8(bytes);
    if (text === undefined) throw new PmError("usage", "the text is not UTF-8; nothing was changed");
    return text;
  } finally {
    wipe(bytes);
  }
}

/** Whether a person at the terminal wants to go on after this failure, which is told there. */
export async function wantsAgain(ctx: Context, failure: PmError): Promise<boolean> {
  if (!hasPerson(ctx) || ctx.globals.json || ctx.globals.yes) return false;
  using terminal = ctx.io.openTerminal();
  const question = `nothing is saved yet: ${escapeControls(failure.message)}`;
  return (await terminal?.select(question, [AGAIN, QUIT])) === AGAIN;
}

function hasPerson({ io }: Context): boolean {
  return io.stdin.isTTY && io.stdout.isTTY;
}

/** The text with notices of pm on top, in the place of earlier ones. */
export function withNotices(text: string, notices: readonly string[]): string {
  return notices.map((notice) => `${NOTICE_SIGN}${escapeControls(notice)}\n`).join("") + withoutNotices(text);
}

function withoutNotices(text: string): string {
  let rest = text;
  while (rest.startsWith(NOTICE_SIGN)) rest = rest.slice(rest.indexOf("\n") + 1 || rest.length);
  return rest;
}
