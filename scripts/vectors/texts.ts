// Changes of JSON texts that break them.
export type Text = (text: string) => string;
export type Row = readonly [name: string, change: Text];

/** Replaces the first `from`, which must be there. */
export const put =
  (from: string, to: string): Text =>
  (text) => {
    if (!text.includes(from)) throw new Error(`nothing to replace: ${from}`);
    return text.replace(from, () => to);
  };

export const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
