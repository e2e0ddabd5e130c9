import type { AgentStatus } from "../../agent/protocol.ts";
import { PmError } from "../../core/errors.ts";
import { placeOf, runningAgent } from "../agent-call.ts";
import { alignColumns } from "../columns.ts";
import { type Command, defineCommand } from "../command.ts";
import { minuteOf } from "../dates.ts";
import { timeToJson } from "../entry-json.ts";
import { unlockedRows, unlockedToJson } from "../unlocked-text.ts";

export const agentStatus: Command = defineCommand({
  args: [],
  options: {},
  details: [
    "Says whether the agent runs, and which vaults it holds: until when, narrowed to what, with how many reads left. It starts nothing, and keeps no vault unlocked for longer. Where no agent runs it exits with 3.",
  ],
  examples: [
    { command: "pm agent status", note: "What is unlocked, and for how long" },
    { command: "pm agent status --json", note: "For scripts" },
  ],
  exits: ["not-found", "unavailable"],
  vault: "none",
  async run(ctx) {
    using agent = await runningAgent(ctx);
    if (agent === undefined) throw new PmError("not-found", "no agent runs", { hint: "pm unlock" });
    const status = await agent.request({ kind: "status" });
    const { socket } = await placeOf(ctx);
    const now = ctx.io.now();
    if (ctx.globals.json) await ctx.out.json(toJson(status, socket, now));
    else await ctx.out.lines(alignColumns(toRows(status, socket, now)));
  },
});

function toRows(status: AgentStatus, socket: string, now: number): readonly (readonly [string, string])[] {
  const { pid, protocol, startedAt, vaults, clips } = status;
  return [
    ["agent", `running, process ${pid}, protocol ${protocol}`],
    ["since", minuteOf(startedAt)],
    ["socket", socket],
    ...(clips === 0 ? [] : [["clipboard", `${clips} to be cleared`] as const]),
    ...vaults.flatMap((vault) => [["vault", vault.vault] as const, ...unlockedRows(vault, now)]),
  ];
}

function toJson(status: AgentStatus, socket: string, now: number): object {
  const { pid, protocol, startedAt, vaults, clips } = status;
  return {
    v: 1,
    pid,
    protocol,
    started: timeToJson(startedAt),
    socket,
    clips,
    vaults: vaults.map((vault) => ({ path: vault.vault, ...unlockedToJson(vault, now) })),
  };
}
