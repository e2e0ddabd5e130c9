/** `pm rotate`: a new value, kept beside the old one until a command has put it in force. */
import { wipe } from "../core/bytes.ts";
import { hasCode, PmError } from "../core/errors.ts";
import type { RotateEdit } from "../core/vault/edit.ts";
import type { Entry, Field } from "../core/vault/model.ts";
import type { VaultSession } from "../core/vault/session.ts";
import { findField } from "../core/vault/types.ts";
import type { ChildEnd } from "../node/child.ts";
import { childEnv } from "./child-env.ts";
import type { Context } from "./context.ts";
import { findEntry } from "./lookup.ts";
import { reportDurability } from "./report.ts";
import { shellWord } from "./shell-word.ts";
import { splitCommand } from "./split-command.ts";
import { bytesOf } from "./values.ts";

interface Target {
  readonly name: string;
  readonly field: string | undefined;
}

export interface RotateRequest extends Target {
  /** As it was given. */
  readonly command: string;
  /** Undefined takes that of the entry. */
  readonly recipe: string | undefined;
  readonly step: "begin" | "resume";
}

/** The entry with the value that is to be renewed. */
interface Rotation {
  readonly session: VaultSession;
  readonly entry: Entry;
  readonly old: Field;
  /** The new one, where it is there. */
  readonly pending: Field | undefined;
}

/** @returns the exit status of the command */
export async function rotateWith(ctx: Context, request: RotateRequest): Promise<number> {
  const { inheritedDescriptors } = await import("./run.ts");
  const given = await inheritedDescriptors(ctx);
  const env = childEnv(ctx.io.env);
  const argv = splitCommand(request.command, env, "--with");
  // One that was mistyped leaves no trace in the vault.
  const { requireProgram } = await import("../node/child.ts");
  requireProgram(argv, env["PATH"]);
  const make = await generatorOf(ctx, request.recipe);
  const rotation = await findRotation(ctx, request);
  const next = request.step === "resume" ? pendingOf(rotation) : await begin(ctx, rotation, make);
  const handed = [bytesOf(rotation.old), bytesOf(next)];
  const secrets = handed.map((bytes) => ({ bytes, name: `${rotation.entry.path}/${next.name}` }));
  const { runToEnd, statusOf } = await import("./run-child.ts");
  // From here on the signals that pm gets are noted.
  const { signal } = ctx.io;
  try {
    const end = await runToEnd(ctx, { argv, env, stdin: undefined, secrets, mask: "auto", given, handed });
    await settle(ctx, { rotation, next, step: request.step }, { end, isCalledOff: signal.aborted });
    return await statusOf(end);
  } catch (error) {
    const neverRan = hasCode(error, "run-missing") || hasCode(error, "run-denied");
    if (neverRan && request.step === "begin") await save(ctx, rotation, { step: "abort", field: next });
    throw error;
  } finally {
    wipe(...handed);
  }
}

type Maker = (entry: Entry) => Promise<string>;

/** Before the vault is opened: a recipe that can't be followed must not cost a password prompt. */
async function generatorOf(ctx: Context, text: string | undefined): Promise<Maker> {
  const { parseRecipe } = await import("../core/generate/recipe.ts");
  const asked = text === undefined ? undefined : parseRecipe(text);
  return async (entry) => {
    const [{ generate }, { defaultLength, withDefaultLength }, { remembered }] = await Promise.all([
      import("../core/generate/generate.ts"),
      import("../core/generate/recipe-parts.ts"),
      import("./gen-entry.ts"),
    ]);
    const length = (): number => defaultLength(ctx.io.env["PM_LENGTH"], () => ctx.settings().length);
    return (await generate(withDefaultLength(asked ?? remembered(entry), length), ctx.io.random)).value;
  };
}

async function findRotation(ctx: Context, { name, field }: Target): Promise<Rotation> {
  const session = await ctx.vault({ write: true });
  const { id } = await findEntry(ctx, name, { live: true });
  const entry = await session.entry(id, "use");
  const old = await findField(entry, field ?? (await secretNameOf(entry)));
  return { session, entry, old, pending: entry.pending?.find((next) => next.name === old.name) };
}

async function secretNameOf(entry: Entry): Promise<string> {
  const { secretOf } = await import("./gen-entry.ts");
  return secretOf(entry, "name the field: pm rotate NAME FIELD --with COMMAND");
}

/** Saves a new value beside the old one. */
async function begin(ctx: Context, rotation: Rotation, make: Maker): Promise<Field> {
  const { entry, old, pending } = rotation;
  if (pending !== undefined) {
    throw new PmError("conflict", `a new ${old.name} of "${entry.path}" is pending already`, {
      hint: howOn(rotation),
    });
  }
  const { name, concealed } = old;
  const next: Field = { name, text: await make(entry), encoding: "utf8", concealed };
  await save(ctx, rotation, { step: "begin", field: next });
  return next;
}

function howOn(rotation: Rotation): string {
  const call = callOf(rotation);
  return `${call} --resume --with COMMAND runs it again with the same values, ${call} --abort gives the new one up`;
}

function callOf({ entry, old }: Rotation): string {
  return `pm rotate ${shellWord(entry.path)} ${shellWord(old.name)}`;
}

function pendingOf({ entry, old, pending }: Rotation): Field {
  if (pending !== undefined) return pending;
  throw new PmError("not-found", `no new ${old.name} of "${entry.path}" is pending`, {
    hint: "leave out --resume, or look at: pm show NAME",
  });
}

/** Gives the new value up; it stays in the history. */
export async function abortRotation(ctx: Context, target: Target): Promise<void> {
  const rotation = await findRotation(ctx, target);
  const field = pendingOf(rotation);
  await save(ctx, rotation, { step: "abort", field });
  await ctx.out.note(`gave the new ${field.name} of "${rotation.entry.path}" up; it is in the history`);
}

async function save(
  ctx: Context,
  { session, entry }: Rotation,
  what: Pick<RotateEdit, "step" | "field">,
): Promise<void> {
  await reportDurability(ctx, await session.edit([{ kind: "rotate", id: entry.id, ...what }]));
}

interface Ran {
  readonly end: ChildEnd;
  /** Whether somebody wanted pm to end meanwhile. */
  readonly isCalledOff: boolean;
}

/** POSIX shells give 128 and the number of the signal that ended what they ran. */
const BY_SIGNAL = 128;

/** What the end of the command makes of the two values. */
async function settle(
  ctx: Context,
  { rotation, next, step }: { rotation: Rotation; next: Field; step: RotateRequest["step"] },
  { end, isCalledOff }: Ran,
): Promise<void> {
  const what = `the ${next.name} of "${rotation.entry.path}"`;
  if (end.kind === "exited" && end.status === 0) return await commit(ctx, rotation, next);
  const how = end.kind === "killed" ? `was ended by ${end.signal}` : `ended with ${end.status}`;
  const isUnclear = isCalledOff || end.kind === "killed" || end.status > BY_SIGNAL;
  // An earlier run may have done it, and this one fail because of that.
  if (isUnclear || step === "resume") {
    await ctx.out.warn(
      `the command ${how}: ${what} is as it was, and the new one is kept, should it be in force`,
    );
    await ctx.out.warn(howOn(rotation));
    return;
  }
  await save(ctx, rotation, { step: "abort", field: next });
  await ctx.out.warn(`the command ${how}: ${what} is as it was, and the new one in its history`);
}

async function commit(ctx: Context, rotation: Rotation, next: Field): Promise<void> {
  const what = `the ${next.name} of "${rotation.entry.path}"`;
  try {
    await save(ctx, rotation, { step: "commit", field: next });
  } catch (cause) {
    const why = cause instanceof PmError ? cause.message : "an internal error";
    throw new PmError("run-failed", `the command ended well, and ${what} could not be saved: ${why}`, {
      hint: `${callOf(rotation)} --resume --with true takes the new value, where it is pending still`,
      cause,
    });
  }
  await ctx.out.note(`replaced ${what}`);
}
