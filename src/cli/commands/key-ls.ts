import { type Command, defineCommand } from "../command.ts";
import { dayOf } from "../dates.ts";
import { describeKdf, kdfToJson, SHOWN_ID_DIGITS } from "../slots.ts";
import { alignColumns } from "../columns.ts";
import { timeToJson } from "../entry-json.ts";

export const keyLs: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Lists the key slots of the vault, one a line: the beginning of its id, its type, the day it was made, its key derivation, and its label. The slot that opened the vault for this call has a star after its id.",
    "pm status shows the slots without their labels and asks for no password.",
  ],
  examples: [
    { command: "pm key ls", note: "For people" },
    { command: "pm key ls --json", note: "For scripts, with whole ids" },
  ],
  exits: ["not-found"],
  vault: "reads",
  async run(ctx) {
    const { slots } = await (await ctx.vault()).info();
    if (ctx.globals.json) {
      const list = slots.map((slot) => ({
        id: slot.id,
        type: slot.type,
        label: slot.label,
        created: slot.created === undefined ? null : timeToJson(slot.created),
        kdf: kdfToJson(slot.kdf),
        current: slot.current,
      }));
      return await ctx.out.json({ v: 1, slots: list });
    }
    const rows = slots.map((slot) => [
      `${slot.id.slice(0, SHOWN_ID_DIGITS)}${slot.current ? "*" : ""}`,
      slot.type,
      slot.created === undefined ? "-" : dayOf(slot.created),
      describeKdf(slot.kdf),
      slot.label,
    ]);
    await ctx.out.lines(alignColumns(rows));
  },
});
