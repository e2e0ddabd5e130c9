/** Printed codes: groups of four digits of Crockford's base32 behind a prefix (docs/format.md section 7). */

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS = /^[0-9A-HJKMNP-TV-Z]*$/;

/** `PREFIX-` and groups of four digits. */
export function formatCode(prefix: string, digits: string): string {
  return [prefix, ...(digits.match(/.{4}/g) ?? [])].join("-");
}

/**
 * The digits behind `prefix` as formatCode was given them: case, spaces and dashes do not matter, nor O
 * for 0 and I or L for 1. Undefined where it is no such code of `length` digits.
 */
export function codeDigits(text: string, prefix: string, length: number): string | undefined {
  const typed = text.toUpperCase().replaceAll(/[\s-]/g, "");
  if (!typed.startsWith(prefix)) return undefined;
  const digits = typed.slice(prefix.length).replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return digits.length === length && DIGITS.test(digits) ? digits : undefined;
}

/** Five bits a digit; `bytes` must have a multiple of five bytes. */
export function toCrockford(bytes: Uint8Array): string {
  let digits = "";
  for (let i = 0; i < bytes.length; i += 5) {
    let value = 0;
    for (const byte of bytes.subarray(i, i + 5)) value = value * 256 + byte;
    let group = "";
    for (let k = 0; k < 8; k++) {
      group = (CROCKFORD[value % 32] as string) + group;
      value = Math.floor(value / 32);
    }
    digits += group;
  }
  return digits;
}

/** The bytes of digits that {@link codeDigits} has passed; a multiple of eight. */
export function fromCrockford(digits: string): Uint8Array {
  const bytes = new Uint8Array((digits.length / 8) * 5);
  for (let i = 0; i < digits.length; i += 8) {
    let value = 0;
    for (const digit of digits.slice(i, i + 8)) value = value * 32 + CROCKFORD.indexOf(digit);
    for (let k = 4; k >= 0; k--) {
      bytes[(i / 8) * 5 + k] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  return bytes;
}
