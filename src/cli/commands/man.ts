import { utf8 } from "../../core/bytes.ts";
import { type Command, defineCommand } from "../command.ts";

export const man: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Shows the manual page on a terminal, by way of the program man. In a pipe, or where there is no man, it prints the page's source in roff.",
  ],
  examples: [
    { command: "pm man", note: "Read it" },
    { command: "pm man > ~/.local/share/man/man1/pm.1", note: "Make `man pm` find it" },
  ],
  vault: "none",
  async run(ctx) {
    const [{ manPage }, { loadTree }] = await Promise.all([
      import("../gen/man.ts"),
      import("../gen/tree.ts"),
    ]);
    const page = manPage(await loadTree());
    if (ctx.io.stdout.isTTY) {
      const { showManual } = await import("../manual.ts");
      if (await showManual(page, ctx.io.env)) return;
    }
    await ctx.out.raw(utf8(page));
  },
});
