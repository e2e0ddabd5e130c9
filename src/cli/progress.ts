/** A sign of life on stderr while something takes long; nothing of it stays. */
import type { Io } from "../node/io.ts";

const DELAY_MS = 500;
const FRAME_MS = 120;
const FRAMES = ["|", "/", "-", "\\"] as const;
/** Back to the first column, and clear to the end of the line (ECMA-48 EL). */
const ERASE = "\r\u001b[K";

export interface ProgressOptions {
  /** What is going on, as in "opening the vault"; asked anew for each frame. */
  readonly label: string | (() => string);
  readonly quiet: boolean;
}

/** Runs `work`; where it takes over half a second a person at a terminal sees that it goes on. */
export async function withProgress<T>(
  io: Pick<Io, "stderr">,
  { label, quiet }: ProgressOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (!io.stderr.isTTY || quiet) return await work();
  let frame = 0;
  let timer: ReturnType<typeof setTimeout>;
  let drawing = Promise.resolve();
  const draw = (): void => {
    const text = typeof label === "string" ? label : label();
    drawing = io.stderr.write(`${ERASE}${FRAMES[frame++ % FRAMES.length]} ${text}`);
    timer = setTimeout(draw, FRAME_MS);
  };
  timer = setTimeout(draw, DELAY_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    await drawing;
    if (frame > 0) await io.stderr.write(ERASE);
  }
}

/** For work that leaves the process no time for anything else: frames are drawn now, and signals heard. */
export async function letOthersRun(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
