/** The package has no types of its own. */
declare module "bcrypt-pbkdf" {
  type Bytes = readonly [bytes: Uint8Array, length: number];
  /** @returns 0 where it wrote the key */
  export function pbkdf(...args: [...pass: Bytes, ...salt: Bytes, ...key: Bytes, rounds: number]): number;
}
