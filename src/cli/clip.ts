/** A value on its way to the clipboard: what commands reach as `ctx.clip`. */
import type { ClipCommand } from "../node/clipboard/command.ts";
import { copyToClipboard } from "../node/clipboard/copy.ts";
import type { ClearOrder } from "../node/clipboard/order.ts";
import type { Way } from "../node/clipboard/ways.ts";
import type { Context } from "./context.ts";

/** Copies the value and says to who sits at the terminal which way it went. */
export async function clip(ctx: Context, bytes: Uint8Array, seconds: number): Promise<void> {
  const way = await copyToClipboard({
    bytes,
    clearAfterMs: seconds * 1000,
    env: ctx.io.env,
    command: await clipCommand(ctx),
    schedule: (order, env) => askAgent(ctx, order, env),
  });
  await ctx.out.note(noteFor(way, seconds));
}

function noteFor(way: Way, seconds: number): string {
  switch (way) {
    case "command":
      return `copied by PM_CLIP_COMMAND; it is given an empty value in ${seconds} s`;
    case "terminal":
      return `sent to the terminal's clipboard by OSC 52, which can't be read back; it is cleared in ${seconds} s`;
    case "wayland":
    case "x11":
    case "system":
      return `copied; the clipboard is cleared in ${seconds} s`;
  }
}

async function clipCommand({ io }: Context): Promise<ClipCommand | undefined> {
  const text = io.env["PM_CLIP_COMMAND"];
  if (!text) return undefined;
  const [{ splitCommand }, { childEnv }] = await Promise.all([
    import("./split-command.ts"),
    import("./child-env.ts"),
  ]);
  return { argv: splitCommand(text, io.env, "PM_CLIP_COMMAND"), env: childEnv(io.env), cwd: io.cwd };
}

/** Only one that runs already: copying starts none. Whatever is wrong with it, a process of its own does the same. */
async function askAgent(
  ctx: Context,
  order: ClearOrder,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const [{ runningAgent }, { isAgentOff }] = await Promise.all([
    import("./agent-call.ts"),
    import("./open-session.ts"),
  ]);
  if (isAgentOff(ctx)) return false;
  try {
    using agent = await runningAgent(ctx);
    await agent?.request({ kind: "clip", order, env });
    return agent !== undefined;
  } catch {
    return false;
  }
}
