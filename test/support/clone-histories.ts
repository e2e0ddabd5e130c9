/** Version vectors of one replica that several machines wrote under. */
import { addSave, knowledge, newestSeq, type VersionVector } from "../../src/core/vault/version-vector.ts";
import { REPLICA } from "./draft-builder.ts";

/** The tag of a save; those of another letter are of another machine's history. */
export const tag = (seq: number, letter = "A"): string => letter + seq.toString(36).padStart(3, "0");

/** The vector of one replica after saves of these letters: "AAB" is a history that leaves A's at save 3. */
export const after = (letters: string, from: VersionVector = {}): VersionVector =>
  Array.from(letters).reduce(
    (vector, letter) => addSave(vector, REPLICA, tag(newestSeq(vector, REPLICA) + 1, letter)),
    from,
  );

export const long = (saves: number, letter = "A"): string => letter.repeat(saves);
export const lengths = (vector: VersionVector): readonly number[] =>
  (vector[REPLICA] ?? []).map(([seq]) => seq);
export const at = (seq: number, replica: string = REPLICA): { replica: string; seq: number } => ({
  replica,
  seq,
});

/** The first save of each run of saves of `from` that `to` knows or does not, as "+1 -5". */
export function runsKnown(from: VersionVector, to: VersionVector): string {
  const knows = knowledge(from, to);
  const found: string[] = [];
  for (let seq = 1; seq <= newestSeq(from, REPLICA); seq++) {
    const sign = knows(at(seq)) ? "+" : "-";
    if (found.at(-1)?.startsWith(sign) !== true) found.push(`${sign}${seq}`);
  }
  return found.join(" ");
}
