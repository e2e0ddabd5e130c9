/** A moment as ISO 8601 text in UTC with milliseconds. */
export function timeText(epochMs: number): string {
  // The moment is given: no clock is read.
  // oxlint-disable-next-line no-restricted-globals
  return new Date(epochMs).toISOString();
}
