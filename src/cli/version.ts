/** The version of the package; a test holds it against package.json, which would cost a read at every start. */
export const VERSION = "0.1.0";

/** What `pm --version` prints. */
export function versionLine(): string {
  return `pm ${VERSION}\n`;
}
