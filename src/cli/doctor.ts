/** `pm doctor`: gathers what the checks look at, has the safe repairs done, unlocks for the deep ones. */
import { KDF_PROFILES } from "../core/crypto/kdf.ts";
import { PmError } from "../core/errors.ts";
import { type Finding, isBundle, type Subject } from "../node/health/finding.ts";
import type { Settings } from "../node/settings.ts";
import { completionPlace } from "./completion-install.ts";
import { type Context, requireWritable } from "./context.ts";
import { agentNotes, agentSubject } from "./doctor-agent.ts";
import { shellWord } from "./shell-word.ts";
import { vaultPath } from "./vault-path.ts";

export interface Diagnosis {
  /** Path of the vault. */
  readonly vault: string;
  readonly findings: readonly Finding[];
  /** What was found and mended. */
  readonly fixed: readonly Finding[];
  /** What is no finding, and good to know. */
  readonly notes: readonly string[];
}

export interface DoctorOptions {
  readonly deep: boolean;
  readonly fix: boolean;
}

/** @throws PmError only where the call is wrong, or where --deep gets no password or a wrong one */
export async function diagnose(ctx: Context, { deep, fix }: DoctorOptions): Promise<Diagnosis> {
  if (fix) requireWritable(ctx.globals);
  const { settings, broken } = readSettings(ctx);
  const call: Context = { ...ctx, settings: () => settings };
  const { runChecks } = await import("../node/health/checks.ts");
  const { lockNotes } = await import("../node/health/side-files.ts");
  const { clipboardNotes } = await import("../node/health/desktop.ts");
  // Where no name can be meant the settings may be damaged.
  const hasWord = ctx.globals.vault !== undefined || Boolean(ctx.io.env["PM_VAULT"]);
  const path = await vaultPath(hasWord ? ctx : call);
  const first = await subjectOf(call, path);
  const fixed = fix ? await repair(call, first) : [];
  const subject = fixed.length === 0 ? first : await subjectOf(call, path);
  const findings = [...settingsFinding(ctx, broken), ...runChecks(subject)];
  if (deep && subject.vault.error === undefined) {
    const { deepFindings } = await import("./doctor-deep.ts");
    findings.push(...(await deepFindings(call, subject)));
  }
  const notes = [
    ...bundleNotes(subject),
    ...lockNotes(subject),
    ...clipboardNotes(subject),
    ...agentNotes(ctx),
  ];
  return { vault: path, findings, fixed, notes };
}

function bundleNotes({ vault }: Subject): readonly string[] {
  if (!isBundle(vault)) return [];
  return [`${vault.path} is a bundle, which is only read; with its key pm status says when it ends`];
}

function readSettings(ctx: Context): { readonly settings: Settings; readonly broken?: PmError } {
  try {
    return { settings: ctx.settings() };
  } catch (error) {
    if (!(error instanceof PmError)) throw error;
    return { settings: {}, broken: error };
  }
}

function settingsFinding({ paths }: Context, broken: PmError | undefined): readonly Finding[] {
  if (broken === undefined) return [];
  const { hint = "" } = broken;
  // Out of the way, and not gone: somebody wrote it.
  const away = ["mv", paths.settings, `${paths.settings}.broken`];
  const fix = hint.startsWith("pm config ") ? hint.split(" ") : away;
  return [{ id: "settings", level: "problem", text: broken.message, fix }];
}

async function subjectOf(call: Context, path: string): Promise<Subject> {
  const { readVaultSubject } = await import("../node/health/vault-file.ts");
  const crypto = await call.crypto();
  const profiles = call.kdfProfiles ?? KDF_PROFILES;
  const { kdf } = call.settings();
  return {
    crypto,
    paths: call.paths,
    env: call.io.env,
    now: call.io.now(),
    vault: readVaultSubject(crypto, path),
    kdf: { floor: profiles.constrained, wanted: kdf === undefined ? undefined : profiles[kdf] },
    agent: await agentSubject(call),
    completion: completionOf(call.io.env),
    clipCommand: await clipCommandOf(call.io.env),
    editor: await editorOf(call.io.env),
  };
}

async function repair(call: Context, subject: Subject): Promise<readonly Finding[]> {
  const { runChecks } = await import("../node/health/checks.ts");
  const { repairAll } = await import("../node/health/repair.ts");
  const { random, now } = call.io;
  return await repairAll(runChecks(subject), { vault: subject.vault.path, random, now });
}

const SHELLS = new Set(["bash", "zsh", "fish"]);

/** Undefined for a shell that pm has no completion for, and where the user's files can't be told. */
function completionOf(env: Context["io"]["env"]): Subject["completion"] {
  const shell = (env["SHELL"] ?? "").split("/").at(-1) ?? "";
  if (!SHELLS.has(shell)) return undefined;
  try {
    return { shell, path: completionPlace(shell, env).path };
  } catch {
    return undefined;
  }
}

async function clipCommandOf(env: Context["io"]["env"]): Promise<Subject["clipCommand"]> {
  const { splitCommand } = await import("./split-command.ts");
  try {
    return splitCommand(env["PM_CLIP_COMMAND"] ?? "", env, "PM_CLIP_COMMAND");
  } catch {
    return undefined;
  }
}

/** As `pm edit` finds it; what it can't split it says itself. */
async function editorOf(env: Context["io"]["env"]): Promise<readonly string[] | undefined> {
  const { editorCommand } = await import("./editor-command.ts");
  try {
    return editorCommand(env);
  } catch {
    return undefined;
  }
}

/** These work on no vault, so they take no --vault. */
const WITHOUT_VAULT = new Set(["agent", "completion", "config", "version"]);

/** The command as it can be typed; for the vault that this call names. */
export function fixText({ fix }: Finding, { globals: { vault } }: Context): string {
  const [program, command = ""] = fix;
  const isNamed = vault !== undefined && program === "pm" && !WITHOUT_VAULT.has(command);
  return [...fix, ...(isNamed ? ["--vault", vault] : [])].map(shellWord).join(" ");
}
