import { fromUtf8, wipe } from "../../core/bytes.ts";
import { PmError } from "../../core/errors.ts";
import type { Strength } from "../../core/generate/strength.ts";
import { type Command, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { MAX_PASSWORD_BYTES, withoutNewline } from "../stdin.ts";
import { requireTerminal } from "../terminal.ts";

const SCORES = ["0", "1", "2", "3", "4"] as const;
const HINT = "pipe one password in, as in pm get NAME | pm strength";

export const strength: Command = defineCommand({
  args: [],
  options: {
    min: { kind: "value", hint: "SCORE", choices: SCORES, summary: "Fail (11) where the score is below" },
  },
  details: [
    "Says how hard a password is to guess for someone who knows what people choose (zxcvbn): a score from 0 to 4, the guesses it takes, and how long that is. The password is read from standard input, where one newline at the end is removed, or typed at a prompt; it is never an argument. No vault is opened, and nothing is sent anywhere.",
    "Times are for 10,000 guesses a second at a vault of the default cost, which is about a dozen of the fastest graphics cards, and for 100 guesses an hour at a login. Only the first 100 characters are looked at: the work grows with the square of the length, and what is longer is not weak any more.",
  ],
  examples: [
    { command: "pm strength", note: "Ask for a password, and judge it" },
    { command: "pm get web/github | pm strength", note: "Judge what an entry has" },
    { command: "pm get web/github | pm strength --min 3 --json", note: "In a script: 11 where it is weak" },
  ],
  exits: ["findings"],
  vault: "none",
  async run(ctx, { options }) {
    const bytes = await readOne(ctx);
    const text = fromUtf8(bytes);
    wipe(bytes);
    const { MAX_RATED_CHARS, strength: rate } = await import("../../core/generate/strength.ts");
    const { crackSeconds } = await import("../../core/generate/crack-time.ts");
    const password = checked(text);
    const rated = await rate(password);
    const guesses = Math.round(10 ** rated.guessesLog10);
    const seconds = crackSeconds(guesses);
    const isCut = password.length > MAX_RATED_CHARS;
    const told = await report(rated, seconds);
    if (options.min !== undefined && rated.score < Number(options.min)) {
      throw new PmError("findings", `the score is ${rated.score} of 4, below ${options.min}`, {
        details: told,
        hint: "pm gen makes one that is strong",
      });
    }
    if (!ctx.globals.json) {
      await ctx.out.lines(told);
      if (isCut) await ctx.out.warn(`only the first ${MAX_RATED_CHARS} characters were looked at`);
      return;
    }
    const { score, guessesLog10, warning = null, suggestions } = rated;
    return await ctx.out.json({ v: 1, score, guesses, guessesLog10, seconds, warning, suggestions, isCut });
  },
});

async function readOne(ctx: Context): Promise<Uint8Array> {
  if (ctx.io.stdin.isTTY) {
    using terminal = requireTerminal(ctx, "a password to judge is needed", HINT);
    return await terminal.readSecret("Password to judge: ");
  }
  // With a newline of either kind.
  const input = await ctx.input(MAX_PASSWORD_BYTES + 2);
  const bytes = withoutNewline(input).slice();
  wipe(input);
  if (bytes.length <= MAX_PASSWORD_BYTES) return bytes;
  wipe(bytes);
  throw new PmError("limit", `the password is over ${MAX_PASSWORD_BYTES} bytes`, { hint: HINT });
}

/** @throws PmError "usage" where it is no password */
function checked(text: string | undefined): string {
  if (text === undefined) throw new PmError("usage", "the password is not valid UTF-8", { hint: HINT });
  if (text === "") throw new PmError("usage", "the password is empty", { hint: HINT });
  if (/[\r\n]/.test(text)) {
    throw new PmError("usage", "the password has more than one line", { hint: HINT });
  }
  return text;
}

async function report(rated: Strength, seconds: { vault: number; online: number }): Promise<string[]> {
  const [{ SCORE_WORDS }, { inWords }, { alignColumns }] = await Promise.all([
    import("../../core/generate/strength.ts"),
    import("../../core/generate/crack-time.ts"),
    import("../columns.ts"),
  ]);
  return [
    ...alignColumns([
      ["score", `${rated.score} of 4, ${SCORE_WORDS[rated.score]}`],
      ["guesses", `about 10^${rated.guessesLog10.toFixed(1)}`],
      ["vault", `${inWords(seconds.vault)}, at 10,000 guesses a second`],
      ["online", `${inWords(seconds.online)}, at 100 guesses an hour`],
    ]),
    ...(rated.warning === undefined ? [] : [rated.warning]),
    ...rated.suggestions,
  ];
}
