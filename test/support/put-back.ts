/** For every test file: the process that runs it also runs others, and has to be as it was. */
import { afterAll, expect } from "vitest";

const before = state();

afterAll(() => expect(state()).toEqual(before));

function state(): unknown {
  return { umask: process.umask(), cwd: process.cwd(), platform: process.platform };
}
