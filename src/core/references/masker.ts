/** Secrets taken out of a stream of bytes: `<pm:NAME>` stands in their place. */
import { wipe } from "../bytes.ts";

export interface Secret {
  readonly bytes: Uint8Array;
  /** Entry and field, as "web/github/password". */
  readonly name: string;
}

export interface Masker {
  /** The bytes that are certain not to belong to a secret, and the names of those that were found. */
  push(chunk: Uint8Array): Uint8Array;
  /** After a pause: what was held back, because it might have been the beginning of a secret. */
  idle(): Uint8Array;
  /** At the end of the stream: the rest. */
  end(): Uint8Array;
}
