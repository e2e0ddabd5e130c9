/** The clipboard of a Wayland session, through the programs of wl-clipboard. */
import { equalBytes, wipe } from "../../core/bytes.ts";
import { unavailable } from "./failure.ts";
import { readProgram, runProgram } from "./program.ts";

type Env = Readonly<Record<string, string>>;

/** Named, so that wl-copy asks no other program what the value may be, and offers every kind of plain text. */
const TYPE = ["--type", "text/plain"];
/** Without the newline that wl-paste adds to what it thinks is text. */
const PASTE = ["wl-paste", "--no-newline"];
const READ_PATIENCE_MS = 500;
const READ_PAUSE_MS = 25;
const HINT = "install wl-clipboard, and see that WAYLAND_DISPLAY names a running session";

/**
 * Copies the value, marked as sensitive where the installed wl-copy can do that, and reads it back.
 * @throws PmError "unavailable" where the clipboard does not hold it then
 */
export async function copyToWayland(bytes: Uint8Array, env: Env): Promise<void> {
  const copy = ["wl-copy", ...((await knowsSensitive(env)) ? ["--sensitive"] : []), ...TYPE];
  const { failure } = await runProgram(copy, { env: inMemory(env), input: bytes });
  if (failure !== undefined) throw unavailable(`wl-copy did not copy: ${failure}`, HINT);
  if (await holds(bytes, env)) return;
  await clearWayland(env);
  throw unavailable("the clipboard did not take the value", HINT);
}

/** The bytes in the clipboard now; none where it is empty. */
export async function readWayland(env: Env): Promise<Uint8Array> {
  const { output, failure } = await readProgram(PASTE, { env });
  return failure === undefined ? output : new Uint8Array();
}

export async function clearWayland(env: Env): Promise<void> {
  await runProgram(["wl-copy", "--clear"], { env });
}

/** Since version 2.3; an older one would refuse the option and copy nothing. */
async function knowsSensitive(env: Env): Promise<boolean> {
  const { output } = await readProgram(["wl-copy", "--help"], { env });
  return String.fromCharCode(...output).includes("--sensitive");
}

/** wl-copy keeps the value in a file below TMPDIR while it serves it: in memory, where the session has such a folder. */
function inMemory(env: Env): Env {
  const folder = env["XDG_RUNTIME_DIR"];
  return folder === undefined ? env : { ...env, TMPDIR: folder };
}

async function holds(bytes: Uint8Array, env: Env): Promise<boolean> {
  // wl-paste may hang for as long as whoever holds the clipboard now.
  for (const end = performance.now() + READ_PATIENCE_MS; performance.now() < end;) {
    const held = await readWayland(env);
    const isSame = equalBytes(held, bytes);
    wipe(held);
    if (isSame) return true;
    await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
  }
  return false;
}
