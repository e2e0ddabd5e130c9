/** Moments as ISO 8601 text in UTC with milliseconds, and back. */

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

export function isoTime(epochMs: number): string {
  // The moment is given: no clock is read.
  // oxlint-disable-next-line no-restricted-globals
  return new Date(epochMs).toISOString();
}

/** Epoch milliseconds; undefined where the text is none, or no moment since 1970. */
export function parseIsoTime(text: string): number | undefined {
  // oxlint-disable-next-line no-restricted-globals
  const epochMs = ISO_TIME.test(text) ? Date.parse(text) : -1;
  return epochMs >= 0 ? epochMs : undefined;
}
