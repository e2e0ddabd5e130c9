/**
 * Words as a tree of their letters, in arrays of numbers: two hundred thousand of them are there in a third of
 * the time that an object with their names takes, and a text is followed letter by letter without cutting it.
 */

/** Where every word begins. */
export const ROOT = 0;
const MIN_SLOTS = 64;
const MAX_LOAD = 0.5;
/** Letters are UTF-16 code units. */
const LETTERS = 0x1_0000;

export class WordTree {
  /** A hash table from a node and a letter to the next node; where `#nodes` is 0 a slot is free. */
  #keys: Float64Array;
  #nodes: Int32Array;
  /** By node; 0 where no word ends. */
  #ranks: Float32Array;
  #count = 1;

  /** @param expected about how many nodes there will be; it grows where there are more */
  constructor(expected = 0) {
    let slots = MIN_SLOTS;
    while (slots * MAX_LOAD <= expected) slots *= 2;
    this.#keys = new Float64Array(slots);
    this.#nodes = new Int32Array(slots);
    this.#ranks = new Float32Array(slots * MAX_LOAD + 1);
  }

  /** Of several ranks of a word the lowest counts. @param rank from 1 */
  add(word: string, rank: number): void {
    let node = ROOT;
    for (let at = 0; at < word.length; at++) node = this.#grow(node, word.charCodeAt(at));
    const known = this.rank(node);
    if (known === 0 || known > rank) this.#ranks[node] = rank;
  }

  /** The node after `node` and `letter`, or {@link ROOT} where no word goes on so. */
  next(node: number, letter: number): number {
    return this.#nodes[this.#slot(node, letter)] ?? ROOT;
  }

  /** Where `word` ends; only for one that was added. */
  nodeOf(word: string): number {
    let node = ROOT;
    for (let at = 0; at < word.length; at++) node = this.next(node, word.charCodeAt(at));
    return node;
  }

  /** Of the word that ends at `node`: 0 where none does. */
  rank(node: number): number {
    return this.#ranks[node] ?? 0;
  }

  #grow(node: number, letter: number): number {
    const slot = this.#slot(node, letter);
    const known = this.#nodes[slot] ?? ROOT;
    if (known !== ROOT) return known;
    if (this.#count >= this.#nodes.length * MAX_LOAD) {
      this.#double();
      return this.#grow(node, letter);
    }
    this.#keys[slot] = node * LETTERS + letter;
    this.#nodes[slot] = this.#count;
    return this.#count++;
  }

  #slot(node: number, letter: number): number {
    const key = node * LETTERS + letter;
    const mask = this.#nodes.length - 1;
    let slot = (Math.imul(node, 0x9e37_79b1) ^ Math.imul(letter, 0x85eb_ca6b)) >>> 7;
    for (slot &= mask; this.#nodes[slot] !== 0 && this.#keys[slot] !== key; slot = (slot + 1) & mask);
    return slot;
  }

  #double(): void {
    const [keys, nodes, ranks] = [this.#keys, this.#nodes, this.#ranks];
    this.#keys = new Float64Array(2 * keys.length);
    this.#nodes = new Int32Array(2 * nodes.length);
    this.#ranks = new Float32Array(2 * ranks.length);
    this.#ranks.set(ranks);
    for (const [at, key] of keys.entries()) {
      const node = nodes[at] ?? 0;
      if (node === 0) continue;
      const slot = this.#slot(Math.floor(key / LETTERS), key % LETTERS);
      this.#keys[slot] = key;
      this.#nodes[slot] = node;
    }
  }
}

/** Ranks are by place, from 1; of two equal ones in small letters the later one counts, as for zxcvbn. */
export function treeOfOwn(words: readonly string[]): WordTree {
  const ranks = new Map(words.map((word, at) => [word.toLowerCase(), at + 1]));
  const tree = new WordTree(words.reduce((sum, { length }) => sum + length, 0));
  for (const [word, rank] of ranks) tree.add(word, rank);
  return tree;
}
