/** What only an open vault shows: every chunk and record, the version before, this machine's own state. */
import { PmError } from "../core/errors.ts";
import type { Credentials } from "../core/vault/credentials.ts";
import type { Finding, Subject } from "../node/health/finding.ts";
import type { Context } from "./context.ts";
import { exitStatus } from "./exit.ts";
import { openCopyHere, openVaultHere } from "./vault-access.ts";

const ACCEPT = ["pm", "restore", "--accept-rollback"];

/** @throws PmError where the vault can't be unlocked: that is no finding */
export async function deepFindings(ctx: Context, subject: Subject): Promise<readonly Finding[]> {
  const warnings: string[] = [];
  const warn = async (text: string): Promise<void> => void warnings.push(text);
  const call: Context = { ...ctx, out: { ...ctx.out, warn } };
  const findings: Finding[] = [];
  const checkCopy = async (_session: unknown, secrets: Credentials): Promise<void> => {
    findings.push(...(await previousFindings(call, subject, secrets)));
  };
  const failure = await damageOf(async () => {
    using session = await openVaultHere(call, { after: checkCopy });
    await session.verify();
  });
  const damage = failure === undefined ? [] : [await damageFinding(failure, subject)];
  return [...damage, ...findings, ...stateFindings(warnings)];
}

/** The failure where it says that a file is damaged; any other one goes on. */
async function damageOf(run: () => Promise<void>): Promise<PmError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof PmError && exitStatus(error.code).name === "corrupt") return error;
    throw error;
  }
}

async function damageFinding(error: PmError, subject: Subject): Promise<Finding> {
  const { code, message: text } = error;
  // "corrupt": another vault stands where this machine knows one.
  if (code === "rollback" || code === "corrupt")
    return { id: "rollback", level: "problem", text, fix: ACCEPT };
  const { wayOut } = await import("../node/health/vault-file.ts");
  const { crypto, paths, vault } = subject;
  const fix = wayOut(crypto, error, { path: vault.realPath ?? vault.path, paths });
  return { id: "vault", level: "problem", text, fix };
}

/** The version before may have another password, which then can't be helped. */
async function previousFindings(
  call: Context,
  { vault, crypto }: Subject,
  secrets: Credentials,
): Promise<readonly Finding[]> {
  const path = `${vault.realPath ?? vault.path}.bak`;
  const { damagedPrevious, readVaultSubject } = await import("../node/health/vault-file.ts");
  // What is wrong with its header is told without a key.
  if (readVaultSubject(crypto, path).error !== undefined) return [];
  try {
    const failure = await damageOf(async () => {
      using session = await openCopyHere(call, path, secrets);
      await session.verify();
    });
    return failure === undefined ? [] : [damagedPrevious(path, failure)];
  } catch (error) {
    if (error instanceof PmError && error.code === "auth") return [];
    throw error;
  }
}

/** Opening warns of the permissions, too, which the other checks tell with more. */
function stateFindings(warnings: readonly string[]): readonly Finding[] {
  const texts = new Set(warnings.filter((text) => text.startsWith("the local state ")));
  return [...texts].map((text) => ({ id: "local-state", level: "problem", text, fix: ACCEPT }));
}
