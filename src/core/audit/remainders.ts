/**
 * Which of many values are the same without one of their characters. There are as many remainders as there are
 * characters, so none is cut out: each is known by its value, by the gap in it, and by a hash.
 */

/** Of a polynomial hash. */
const BASE = 0x0100_0193;

export class Remainders {
  readonly #values: readonly string[];
  /** A hash table: one more than the place of a remainder in what follows, 0 where it is free. */
  readonly #table: Int32Array;
  readonly #hashes: Int32Array;
  readonly #owners: Int32Array;
  readonly #gaps: Int32Array;
  readonly #powers: Int32Array;
  #count = 0;

  /** @param room for the values that are added: their characters, one more for each, and the longest of them */
  constructor(values: readonly string[], room: { readonly remainders: number; readonly longest: number }) {
    this.#values = values;
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * room.remainders + 2)));
    this.#hashes = new Int32Array(room.remainders);
    this.#owners = new Int32Array(room.remainders);
    this.#gaps = new Int32Array(room.remainders);
    this.#powers = new Int32Array(room.longest + 1).fill(1);
    for (let at = 1; at <= room.longest; at++) this.#powers[at] = Math.imul(this.#power(at - 1), BASE);
  }

  /**
   * Adds the value of `owner`, and what it is without each of its characters.
   * @param take called with the owner of the first that is the same, which may be this one
   */
  add(owner: number, take: (first: number) => void): void {
    const value = this.#values[owner] ?? "";
    const last = value.length - 1;
    let hash = 0;
    for (let at = 0; at <= last; at++) hash += this.#term(value, at, last - at);
    take(this.#firstWith(owner, value.length, hash | 0));
    for (let gap = 0; gap <= last; gap++) {
      hash -= this.#term(value, gap, last - gap);
      take(this.#firstWith(owner, gap, hash | 0));
      // Before the next gap it stands one place nearer to the end.
      hash += this.#term(value, gap, last - gap - 1);
    }
  }

  #power(exponent: number): number {
    return this.#powers[exponent] ?? 0;
  }

  #term(value: string, at: number, exponent: number): number {
    return Math.imul(value.charCodeAt(at) + 1, this.#power(exponent));
  }

  #firstWith(owner: number, gap: number, hash: number): number {
    const mask = this.#table.length - 1;
    let slot = (Math.imul(hash, 0x9e37_79b1) >>> 5) & mask;
    for (let known = this.#table[slot] ?? 0; known !== 0; known = this.#table[slot] ?? 0) {
      const first = this.#owners[known - 1] ?? owner;
      if (this.#hashes[known - 1] === hash && this.#isSame(first, this.#gaps[known - 1] ?? 0, owner, gap))
        return first;
      slot = (slot + 1) & mask;
    }
    this.#hashes[this.#count] = hash;
    this.#owners[this.#count] = owner;
    this.#gaps[this.#count] = gap;
    this.#table[slot] = ++this.#count;
    return owner;
  }

  #isSame(first: number, firstGap: number, second: number, secondGap: number): boolean {
    const a = this.#values[first] ?? "";
    const b = this.#values[second] ?? "";
    return a.slice(0, firstGap) + a.slice(firstGap + 1) === b.slice(0, secondGap) + b.slice(secondGap + 1);
  }
}
