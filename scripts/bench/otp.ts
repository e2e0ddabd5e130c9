/** One-time codes through an agent, beside the password of the same entry. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Work } from "./measure.ts";
import type { BenchVault } from "./vaults.ts";

const PM = fileURLToPath(new URL("../../bin/pm.js", import.meta.url));
const SECRET = "otpauth://totp/bench?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // not-a-secret

/** `pm otp` of the entry, which gets a secret for it first; `withAgent` has an agent running. */
export function otpThroughAgent(vault: BenchVault, name: string): Work {
  const env = { PATH: process.env["PATH"] ?? "", ...vault.env, PM_KEY: vault.token };
  const args = [PM, "otp", vault.entry, "--set"];
  const { status, stderr } = spawnSync(process.execPath, args, { env, input: SECRET, encoding: "utf8" });
  if (status !== 0) throw new Error(`pm otp --set ended with ${status}: ${stderr}`);
  return { name, file: process.execPath, args: () => [PM, "otp", vault.entry], env: vault.env };
}
