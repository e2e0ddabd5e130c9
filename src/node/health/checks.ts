/** The table of checks that need no key; each looks at one thing, and none stops the others. */
import { checkAgent } from "./agent.ts";
import { checkClipboard, checkCompletion, checkEditor } from "./desktop.ts";
import type { Check, Finding, Subject } from "./finding.ts";
import { checkKeys } from "./keys.ts";
import { checkLeftFolders } from "./left-folders.ts";
import { checkPermissions } from "./permissions.ts";
import { checkSideFiles } from "./side-files.ts";
import { checkBackups, checkPrevious, checkVaultFile } from "./vault-file.ts";

const CHECKS: readonly Check[] = [
  checkVaultFile,
  checkPrevious,
  checkPermissions,
  checkSideFiles,
  checkKeys,
  checkBackups,
  checkAgent,
  checkClipboard,
  checkCompletion,
  checkEditor,
  checkLeftFolders,
];

export function runChecks(subject: Subject): readonly Finding[] {
  return CHECKS.flatMap((check) => check(subject));
}
