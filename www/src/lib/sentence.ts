// Sentences inside others.

/** A sentence as it stands after a colon: without its capital and its full stop. What is no ordinary word stays. */
export function afterColon(sentence: string): string {
  const bare = sentence.replace(/\.$/, "");
  return /^\p{Lu}[\p{Ll}\s’']/u.test(bare) ? bare.charAt(0).toLowerCase() + bare.slice(1) : bare;
}

/** What is said inside a sentence, as it stands alone: with a capital. */
export function alone(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
