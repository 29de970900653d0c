// What cannot be read or done, in a sentence for the reader.

export class Refusal extends Error {
  /**
   * @param {string} sentence
   * @param {string} help what would do instead
   */
  constructor(sentence, help) {
    super(sentence);
    this.help = help;
  }
}

/**
 * @param {string} sentence
 * @param {string} [help]
 * @returns {never}
 */
export function refuse(sentence, help = "") {
  throw new Refusal(sentence, help);
}

/**
 * What a function gives, or why it refuses.
 * @template Thing
 * @param {() => Thing} make
 * @returns {Thing | Refusal}
 */
export function attempt(make) {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
