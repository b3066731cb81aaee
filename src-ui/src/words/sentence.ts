/** A phrase as a sentence begins. Names stay as they are: `cEOS64-lab.tar.xz is damaged` has no word to begin with. */
export function sentence(phrase: string): string {
  return /^[a-z]+[\s,']/.test(phrase) ? phrase.charAt(0).toUpperCase() + phrase.slice(1) : phrase;
}
