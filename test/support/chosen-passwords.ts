/** Passwords as people choose them, and what makes zxcvbn stumble: the same on every run. */
import { seededRandom } from "./random.ts";

/** Words that an attacker would try first, some with letters whose small forms are longer or depend on others. */
export const OWN_WORDS: readonly string[] = [
  "github",
  "mara.h",
  "site.example.com",
  "x",
  "größe",
  "i̇stanbul",
  "ΣΟΦΟΣ",
  "constructor",
];

const PIECES = [
  [
    "monkey",
    "sunshine",
    "Dragon",
    "charlie",
    "P4ssw0rd",
    "iloveyou",
    "kim",
    "smith",
    "abacus",
    "correct",
    "the",
  ],
  ["github", "mara", "h", "site", "example", "größe", "İstanbul", "ΣΟΦΟΣ", "constructor", "__proto__"],
  ["one", "two", "Three", "march", "April", "red", "seventeen", "ox", "first", "monday"],
  ["19", "2024", "1987", "31.12.1999", "1", "7", "007", "123456", "11111", "24/7"],
  ["qwerty", "1qaz2wsx", "abcdef", "acegi", "zyx", "jjjj", "xyxyxy", "zQ", "K", "Zz7#"],
  ["!", "@", "#", "$$", "&", "-", "_", " ", ".", "?!", "é", "€"],
  ["|-|ello", "vvind0vv", "|_|p", "|<im", "><", "/\\\\/\\\\ax", "2nd", "uu", "()", "<3", "^^"],
];
const SIGNS: Readonly<Record<string, string>> = {
  a: "4",
  e: "3",
  i: "1",
  o: "0",
  s: "$",
  t: "7",
  l: "|",
  g: "9",
  m: "nn",
};

export function chosenPasswords(count: number, seed: string): string[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => (random(1)[0] ?? 0) % limit;
  const piece = (): string => {
    const list = PIECES[below(PIECES.length)] ?? [];
    return written(list[below(list.length)] ?? "", below(7), () => below(2) === 0);
  };
  return Array.from({ length: count }, () => Array.from({ length: 1 + below(4) }, piece).join(""));
}

function written(word: string, how: number, isSign: () => boolean): string {
  if (how === 0) return word.toUpperCase();
  if (how === 1) return word.charAt(0).toUpperCase() + word.slice(1);
  if (how === 2) return word.split("").reverse().join("");
  if (how === 3)
    return word.replaceAll(/[aeiostlgm]/g, (letter) => (isSign() ? (SIGNS[letter] ?? letter) : letter));
  return word;
}
