/** The counter within an otpauth URI: the only part of a secret that changes with its use. */

const COUNTED = /^\s*otpauth:\/\/hotp\//iu;
/** Up to the value of that parameter, before a fragment. */
const COUNTER = /^([^?]*\?(?:[^&]*&)*?counter=)[^&]*/iu;

/** The URI with another counter; the rest of it stays as it stands. */
export function withCounter(uri: string, counter: number): string {
  const end = uri.indexOf("#");
  const [head, fragment] = end < 0 ? [uri.trimEnd(), ""] : [uri.slice(0, end), uri.slice(end)];
  if (!COUNTER.test(head)) return `${head}&counter=${counter}${fragment}`;
  return head.replace(COUNTER, (_, before: string) => `${before}${counter}`) + fragment;
}

/** Whether two values differ in the counter at most: such an earlier one is of no use to anybody. */
export function isSameButCounter(a: string, b: string): boolean {
  return COUNTED.test(a) && withCounter(a, 0) === withCounter(b, 0);
}
