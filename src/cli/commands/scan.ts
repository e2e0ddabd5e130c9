import { PmError } from "../../core/errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { scan as scanned, type ScanFinding } from "../scan.ts";

export const scan: Command = defineCommand({
  args: [
    {
      name: "paths",
      summary: "Files and folders; this folder without it",
      variadic: true,
      completes: "file",
    },
  ],
  options: {
    staged: { kind: "flag", summary: "Search what git is about to commit instead" },
    only: { kind: "list", hint: "GLOB", summary: "Look for the secrets of these entries only" },
    all: { kind: "flag", summary: "Also look for short and common values" },
  },
  details: [
    "Searches files for the secrets of the vault, as they are and in the encodings that pm redact knows, and prints PATH:LINE: NAME/FIELD for each, never the value. The exit status is 11 where something was found.",
    "Folders are searched with all that is below, binary files too; .git and symbolic links are left out. --staged reads what git has in its index: as a pre-commit hook it keeps secrets out of the history.",
    "Values under 8 bytes, of fewer than 5 different bytes, or under 12 bytes and of letters or of digits only are left out: admin, 12345678 and password stand anywhere. --all leaves out only what is under 4 bytes.",
  ],
  examples: [
    { command: "mkdir -p src && pm scan src", note: "A folder and all below" },
    { command: "git init -q && pm scan --staged", note: "What the next commit will have" },
  ],
  exits: ["findings", "unavailable"],
  vault: "reads",
  async run(ctx, { args, options }) {
    const { staged, only, all } = options;
    if (staged && args.paths.length > 0) {
      throw new PmError("usage", "--staged and paths exclude each other", { hint: "pm scan --staged" });
    }
    const { json } = ctx.globals;
    const paths = args.paths.length === 0 ? ["."] : args.paths;
    const findings: ScanFinding[] = [];
    const { files, unread } = await scanned(ctx, { paths, staged, only, all }, async (finding) => {
      findings.push(finding);
      if (!json) await ctx.out.line(`${finding.path}:${finding.line}: ${finding.secret}`);
    });
    if (json) await ctx.out.json({ v: 1, files, unread: unread.length, findings });
    if (findings.length > 0) {
      const count = findings.length === 1 ? "1 secret" : `${findings.length} secrets`;
      throw new PmError("findings", `${count} of the vault found in files`, {
        hint: "take them out; what was pushed or shared has to be changed: pm gen NAME",
      });
    }
    if (unread.length > 0) {
      const count = unread.length === 1 ? "1 file or folder" : `${unread.length} files or folders`;
      throw new PmError("io", `${count} could not be read`, {
        hint: "look at the permissions: ls -ld",
      });
    }
  },
});
