/** Colours, from chalk, which is loaded only where they are on. */

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  cyan(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

function same(text: string): string {
  return text;
}

export const PLAIN: Style = { bold: same, dim: same, cyan: same, green: same, yellow: same, red: same };

/** The sixteen basic colours only, so that they follow the user's theme. */
export async function loadColours(): Promise<Style> {
  const { Chalk } = await import("chalk");
  return new Chalk({ level: 1 });
}
