/** The operating system's own clipboard, through clipboardy: the only file that loads it. */
import { equalBytes, utf8 } from "../../core/bytes.ts";
import { unavailable } from "./failure.ts";

const READ_TRIES = 20;
const READ_PAUSE_MS = 25;
const HINT = "set PM_CLIP_COMMAND to a command that copies its input, or leave out --clip";

/**
 * Copies `text` and reads it back.
 * @throws PmError "unavailable" where the clipboard does not hold it then
 */
export async function copyToSystem(text: string, env: Record<string, string>): Promise<void> {
  await withEnvironment(env, async () => {
    await write(text);
    if (await holds(utf8(text))) return;
    await write("").catch(() => undefined);
    throw unavailable("the clipboard did not take the value", HINT);
  });
}

/** @throws PmError "unavailable" */
export function readSystem(env: Record<string, string>): Promise<Uint8Array> {
  return withEnvironment(env, read);
}

/** @throws PmError "unavailable" */
export function clearSystem(env: Record<string, string>): Promise<void> {
  return withEnvironment(env, () => write(""));
}

/** Some clipboards report success and hold something else, or hold the value a moment later. */
async function holds(bytes: Uint8Array): Promise<boolean> {
  for (let tries = 0; tries < READ_TRIES; tries++) {
    if (equalBytes(await read(), bytes)) return true;
    await new Promise((resolve) => setTimeout(resolve, READ_PAUSE_MS));
  }
  return false;
}

async function read(): Promise<Uint8Array> {
  try {
    const { default: clipboard } = await import("clipboardy");
    return utf8(await clipboard.read());
  } catch (error) {
    throw unavailable("the clipboard can't be read", HINT, error);
  }
}

async function write(text: string): Promise<void> {
  try {
    const { default: clipboard } = await import("clipboardy");
    await clipboard.write(text);
  } catch (error) {
    throw unavailable("there is no clipboard", HINT, error);
  }
}

/** clipboardy looks at process.env when it is loaded, and passes it on to the programs that it runs. */
async function withEnvironment<T>(env: Record<string, string>, run: () => Promise<T>): Promise<T> {
  // oxlint-disable node/no-process-env
  const own = process.env;
  process.env = env;
  try {
    return await run();
  } finally {
    process.env = own;
  }
  // oxlint-enable node/no-process-env
}
