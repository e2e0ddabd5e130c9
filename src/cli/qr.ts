/** QR codes for paper and for the terminal. */

/** Light modules around the code; ISO/IEC 18004 asks for 4 on paper, and scanners of a screen take 2. */
const PAPER_BORDER = 4;
const SCREEN_BORDER = 2;

/** An SVG element without references to anything outside, one unit a module. */
export async function qrSvg(text: string): Promise<string> {
  const { renderSVG } = await import("uqr");
  // Level Q, a quarter of the area: paper gets stains and folds.
  const svg = renderSVG(text, { ecc: "Q", border: PAPER_BORDER, pixelSize: 1 });
  // Only a file of its own needs the name space.
  return svg.replace(/ xmlns="[^"]*"/, "");
}

/** Lines of half blocks, two modules high; light modules are the lit ones. */
export async function qrLines(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import("uqr");
  return renderUnicodeCompact(text, { ecc: "M", border: SCREEN_BORDER });
}
