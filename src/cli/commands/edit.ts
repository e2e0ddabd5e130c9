import { type Command, defineCommand, ENTRY_ARG } from "../command.ts";
import { editEntry } from "../edit-entry.ts";
import { chooseEditor } from "../edit-text.ts";
import { findEntry } from "../lookup.ts";
import { reportSaved } from "../report.ts";

export const edit: Command = defineCommand({
  args: [ENTRY_ARG],
  options: {
    "allow-disk": { kind: "flag", summary: "Take a folder on the disk where none is in memory" },
  },
  details: [
    "Opens the entry as text in $VISUAL, else $EDITOR, else vi, and saves what was changed in it. The command is split into words as env -S does; there is no shell.",
    "The text stands in a private folder in memory (XDG_RUNTIME_DIR or /dev/shm, where that is a tmpfs) that is erased in every way out; where there is none, pm refuses unless --allow-disk is given. vim, Neovim, nano, Emacs, micro and others are told to keep no swap, backup, undo and history files.",
    'One field a line, "name: value" or "name (secret): value"; a value of several lines stands between <<END and END; one with blanks at its ends, or with control characters, in quotes as a JSON string; bytes that are no text as base64, behind (base64). A field without its line or its value is removed. A changed path moves the entry.',
    "An unchanged text saves nothing, and an empty one is refused. Where the text can't be read or saved, a person at a terminal may edit it again. Only what was changed is saved; where another process changed the same meanwhile, it is a conflict.",
  ],
  examples: [
    {
      command: "EDITOR='sed -i s/mara/ada/' pm edit web/github",
      note: "Any program that changes a file will do",
    },
  ],
  exits: ["error", "not-found", "ambiguous", "conflict", "unavailable"],
  vault: "writes",
  async run(ctx, { args, options }) {
    const argv = await chooseEditor(ctx);
    const row = await findEntry(ctx, args.name, { live: true });
    const edited = await editEntry(ctx, row, { argv, allowDisk: options["allow-disk"] });
    const result = edited?.result ?? { ids: [], durable: true };
    const note = edited === undefined ? "no changes" : `changed "${edited.path}"`;
    await reportSaved(ctx, result, note);
  },
});
