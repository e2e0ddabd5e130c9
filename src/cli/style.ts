/** Colours, from chalk, which is loaded only where they are on. */

type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly cyan: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly red: Paint;
}

const same: Paint = (text) => text;

export const PLAIN: Style = { bold: same, dim: same, cyan: same, green: same, yellow: same, red: same };

/** The sixteen basic colours only, so that they follow the user's theme. */
export async function loadColours(): Promise<Style> {
  const { Chalk } = await import("chalk");
  return new Chalk({ level: 1 });
}
