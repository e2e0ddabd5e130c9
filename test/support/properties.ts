/** How often properties are tried: the same few cases in every run, more of them in a soak. */

export interface PropertyOptions {
  readonly seed: number;
  readonly numRuns: number;
}

export function runs(numRuns: number): PropertyOptions {
  return { seed: 20_261_121, numRuns: process.env["SOAK"] === "1" ? numRuns * 50 : numRuns };
}
