/**
 * Who was given what by the agent: a sealed log beside the local state. Only the agent writes it, and only
 * the root key opens it (docs/agent.md).
 */
import { concat, equalBytes, fromHex, fromUtf8, utf8, wipe } from "../core/bytes.ts";
import { type CryptoBackend, KEY_BYTES, NONCE_BYTES } from "../core/crypto/backend.ts";
import { hkdfExpand, LABEL, rootKeyId } from "../core/crypto/keys.ts";
import type { Random } from "../core/random.ts";
import type { Access } from "../core/vault/session.ts";
import { fs } from "./fs.ts";
import { errnoOf, ioError } from "./io-error.ts";

/** "PMAL", the version, three zeros; then 16 bytes that name the root key. */
const MAGIC = Uint8Array.of(0x50, 0x4d, 0x41, 0x4c, 1, 0, 0, 0);
const HEAD_BYTES = 24;
const LENGTH_BYTES = 4;
const SALT_BYTES = 32;
const SEGMENT_LINES = 1000;
const MAX_SEGMENT_BYTES = 4_194_304;
/** More than {@link MAX_LINES} of the longest lines are never written. */
const MAX_FILE_BYTES = 67_108_864;
const MAX_LINES = 10_000;
/** So many stay where the log is full, so that not every line writes it anew. */
const KEPT_LINES = 9000;

/** The log file that belongs to a file of the local state. */
export function accessLogFile(stateFile: string): string {
  return stateFile.replace(/vault-([0-9a-f]+)\.json$/, "access-$1.log");
}

interface Segment {
  readonly lines: readonly Access[];
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * A log, and the key that it has from the root key; the root key stays the caller's. Its folder is not made: where
 * a home was removed, nothing of it is to come back.
 */
export class AccessLog implements Disposable {
  readonly #crypto: CryptoBackend;
  readonly #file: string;
  readonly #key: Uint8Array;
  readonly #head: Uint8Array;
  /** What this process knows to stand in the file: it is the only one that writes there. */
  #known: { readonly end: number; readonly lines: number } | undefined;

  constructor(crypto: CryptoBackend, file: string, rootKey: Uint8Array) {
    this.#crypto = crypto;
    this.#file = file;
    this.#key = hkdfExpand(crypto, rootKey, LABEL.accessLog, KEY_BYTES);
    this.#head = concat(MAGIC, fromHex(rootKeyId(crypto, rootKey)) ?? new Uint8Array(0));
  }

  /** Oldest first. One of another root key counts as none, and so does what stands behind a damaged part. */
  read(): readonly Access[] {
    return this.#segments(this.#bytes()).flatMap(({ lines }) => lines);
  }

  /** Adds lines, and takes the oldest ones away where there are too many. @throws PmError "io" */
  append(added: readonly Access[], random: Random): void {
    try {
      const { end, lines } = this.#known?.end === this.#size() ? this.#known : this.#look();
      if (end === 0 || lines + added.length > MAX_LINES) {
        const all = [...this.read(), ...added];
        const kept = all.length > MAX_LINES ? all.slice(-KEPT_LINES) : all;
        const bytes = concat(this.#head, ...this.#seal(kept, random));
        this.#replace(bytes, random);
        this.#known = { end: bytes.length, lines: kept.length };
      } else {
        const bytes = concat(...this.#seal(added, random));
        this.#extend(end, bytes);
        this.#known = { end: end + bytes.length, lines: lines + added.length };
      }
    } catch (error) {
      throw ioError(error, `can't write ${this.#file}`);
    }
  }

  #look(): { readonly end: number; readonly lines: number } {
    const segments = this.#segments(this.#bytes());
    const lines = segments.reduce((sum, segment) => sum + segment.lines.length, 0);
    return { end: segments.at(-1)?.end ?? 0, lines };
  }

  #size(): number {
    return fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  #isFile(): boolean {
    return fs.lstatSync(this.#file, { throwIfNoEntry: false })?.isFile() ?? false;
  }

  #bytes(): Uint8Array {
    try {
      // What is no file might never end, or never begin.
      if (this.#size() > MAX_FILE_BYTES || !this.#isFile()) return new Uint8Array(0);
      return new Uint8Array(fs.readFileSync(this.#file));
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return new Uint8Array(0);
      throw ioError(error, `can't read ${this.#file}`);
    }
  }

  /** What can be opened of it; the first one stands for the head. */
  #segments(bytes: Uint8Array): readonly Segment[] {
    if (!equalBytes(bytes.subarray(0, HEAD_BYTES), this.#head)) return [];
    const segments: Segment[] = [{ lines: [], end: HEAD_BYTES }];
    for (let start = HEAD_BYTES; start + LENGTH_BYTES + SALT_BYTES <= bytes.length;) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0, true);
      const end = start + LENGTH_BYTES + SALT_BYTES + length;
      const lines = end > bytes.length ? undefined : this.#open(bytes.subarray(start + LENGTH_BYTES, end));
      // Cut off by a crash, or damaged.
      if (lines === undefined) break;
      segments.push({ lines, end });
      start = end;
    }
    return segments;
  }

  #open(segment: Uint8Array): readonly Access[] | undefined {
    const key = this.#segmentKey(segment.subarray(0, SALT_BYTES));
    const plain = this.#crypto.open(key, new Uint8Array(NONCE_BYTES), segment.subarray(SALT_BYTES));
    wipe(key);
    if (plain === undefined) return undefined;
    // Sealed by pm itself: the shape needs no second check.
    return (fromUtf8(plain) ?? "").split("\n").map((line) => JSON.parse(line) as Access);
  }

  #seal(lines: readonly Access[], random: Random): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let start = 0; start < lines.length; start += SEGMENT_LINES) {
      const text = lines.slice(start, start + SEGMENT_LINES).map((line) => JSON.stringify(line));
      const salt = random(SALT_BYTES);
      const key = this.#segmentKey(salt);
      const sealed = this.#crypto.seal(key, new Uint8Array(NONCE_BYTES), utf8(text.join("\n")));
      wipe(key);
      if (sealed.length > MAX_SEGMENT_BYTES) continue;
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setUint32(0, sealed.length, true);
      parts.push(length, salt, sealed);
    }
    return parts;
  }

  /** A key for one segment: that is why the nonce may be zero. */
  #segmentKey(salt: Uint8Array): Uint8Array {
    return hkdfExpand(this.#crypto, this.#key, concat(LABEL.accessLog, salt), KEY_BYTES);
  }

  #extend(end: number, segment: Uint8Array): void {
    const fd = fs.openSync(this.#file, fs.constants.O_RDWR | (fs.constants.O_NOFOLLOW ?? 0));
    try {
      // What a crash left behind the last whole segment would hide all that follows.
      fs.ftruncateSync(fd, end);
      writeWhole(fd, segment, end);
    } finally {
      fs.closeSync(fd);
    }
  }

  #replace(bytes: Uint8Array, random: Random): void {
    const temporary = `${this.#file}.${Buffer.from(random(8)).toString("hex")}.tmp`;
    const fd = fs.openSync(temporary, "wx", 0o600);
    try {
      writeWhole(fd, bytes, 0);
      fs.renameSync(temporary, this.#file);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    } finally {
      fs.closeSync(fd);
    }
  }

  [Symbol.dispose](): void {
    wipe(this.#key);
  }
}

function writeWhole(fd: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length;) {
    written += fs.writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
  fs.fsyncSync(fd);
}
