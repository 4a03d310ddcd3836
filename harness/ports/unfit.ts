/** A file or a word that cannot be used as what it was given for. The message is one line, for the person who gave it. */

export class Unfit extends Error {
  override name = 'Unfit'
}
