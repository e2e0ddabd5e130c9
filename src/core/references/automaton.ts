/**
 * All secrets in all their forms as one automaton (Aho and Corasick, "Efficient string matching", 1975): finding
 * them takes one look at each byte, however many there are.
 */
import { wipe } from "../bytes.ts";
import { PmError } from "../errors.ts";
import { formsOf } from "./forms.ts";

/** A state stands for the beginning of a form; 0 is the empty one. */
export interface Automaton {
  /** How long that beginning is. */
  readonly depth: Int32Array;
  /** A state with one more byte; 0 where no form goes on. */
  readonly child: Int32Array;
  /** The longest shorter end of that beginning that also begins a form. */
  readonly fail: Int32Array;
  /** The state of the longest form that ends here; 0 for none. */
  readonly ending: Int32Array;
  /** Of such a state: which secret it is a form of. */
  readonly secret: Int32Array;
  /** Whether three bytes begin a form: one bit for each. */
  readonly triples: Uint8Array;
  /** The state for one more byte, or 0. */
  next(state: number, byte: number): number;
}

/** 21 bytes of memory for each. */
const MAX_STATES = 24 * 1024 * 1024;
const MAX_BYTE = 256;

/**
 * @param secrets each at least as long as `isMaskable` asks for; of two with the same form the first is found
 * @throws PmError "limit" where they are too many to be looked for at once
 */
export function createAutomaton(secrets: Iterable<Uint8Array>): Automaton {
  const forms: { readonly bytes: Uint8Array; readonly secret: number }[] = [];
  let states = 1;
  let index = 0;
  for (const secret of secrets) {
    for (const bytes of formsOf(secret)) {
      forms.push({ bytes, secret: index });
      states += bytes.length;
    }
    if (states > MAX_STATES) throw tooMuch();
    index++;
  }
  const tree = createTree(states);
  for (const { bytes, secret } of forms) {
    tree.add(bytes, secret);
    wipe(bytes);
  }
  return { ...tree.links(), next: tree.next };
}

function tooMuch(): PmError {
  return new PmError("limit", "the secrets are more than can be looked for at once", {
    hint: "take fewer: --only 'ci/*'",
  });
}

interface Tree {
  add(form: Uint8Array, secret: number): void;
  next(state: number, byte: number): number;
  links(): Omit<Automaton, "next">;
}

/** Children as linked lists, which take a tenth of the memory of tables; but for the root, which everything asks. */
function createTree(maxStates: number): Tree {
  const [child, sibling, depth, ending, secret] = Array.from(
    { length: 5 },
    () => new Int32Array(maxStates),
  ) as [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
  const byteOf = new Uint8Array(maxStates);
  const root = new Int32Array(MAX_BYTE);
  let count = 1;
  const next = (state: number, byte: number): number => {
    if (state === 0) return root[byte] as number;
    let found = child[state] as number;
    while (found !== 0 && byteOf[found] !== byte) found = sibling[found] as number;
    return found;
  };
  const append = (parent: number, byte: number): number => {
    const state = count++;
    byteOf[state] = byte;
    depth[state] = (depth[parent] as number) + 1;
    sibling[state] = child[parent] as number;
    child[parent] = state;
    if (parent === 0) root[byte] = state;
    return state;
  };
  return {
    next,
    add(form, index) {
      let state = 0;
      for (const byte of form) state = next(state, byte) || append(state, byte);
      if (ending[state] !== 0) return;
      ending[state] = state;
      secret[state] = index;
    },
    links() {
      const nodes = { child, sibling, byteOf, depth, ending, count, next };
      return { depth, child, ending, secret, fail: failures(nodes), triples: triplesOf(nodes) };
    },
  };
}

interface Nodes {
  readonly child: Int32Array;
  readonly sibling: Int32Array;
  readonly byteOf: Uint8Array;
  readonly depth: Int32Array;
  readonly ending: Int32Array;
  readonly count: number;
  next(state: number, byte: number): number;
}

/** Breadth first, so that the shorter beginnings are done; hands on which form ends there, too. */
function failures({ child, sibling, byteOf, ending, count, next }: Nodes): Int32Array {
  const fail = new Int32Array(count);
  const queue = new Int32Array(count);
  let length = 1;
  for (let at = 0; at < length; at++) {
    const parent = queue[at] as number;
    for (let state = child[parent] as number; state !== 0; state = sibling[state] as number) {
      queue[length++] = state;
      const byte = byteOf[state] as number;
      if (parent !== 0) {
        let shorter = fail[parent] as number;
        while (shorter !== 0 && next(shorter, byte) === 0) shorter = fail[shorter] as number;
        fail[state] = next(shorter, byte);
      }
      if (ending[state] === 0) ending[state] = ending[fail[state] as number] as number;
    }
  }
  return fail;
}

function triplesOf({ child, sibling, byteOf }: Nodes): Uint8Array {
  const triples = new Uint8Array(2 ** 21);
  const visit = (parent: number, prefix: number, missing: number): void => {
    for (let state = child[parent] as number; state !== 0; state = sibling[state] as number) {
      const triple = (prefix << 8) | (byteOf[state] as number);
      if (missing > 1) visit(state, triple, missing - 1);
      else triples[triple >> 3] = (triples[triple >> 3] as number) | (1 << (triple & 7));
    }
  };
  visit(0, 0, 3);
  return triples;
}
