/**
 * Reads JSON (RFC 8259) that a stranger wrote. In what it takes it is JSON.parse; but nesting has a limit, so that no
 * stack overflows, a name that an object has twice is refused, and objects have no prototype: `__proto__` is a name.
 */

/** Far more than any of our files needs. */
const MOST_NESTED = 32

export type Read = { value: unknown } | { problem: string }

/** @returns the value, or what is wrong, with its line and column, as it reads on after the file's name. */
export function readJson(text: string): Read {
  try {
    return { value: new Reader(text).whole() }
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    const before = text.slice(0, error.at)
    const line = before.split('\n').length
    const column = error.at - before.lastIndexOf('\n')
    return { problem: `is no JSON that can be taken: line ${line}, column ${column}: ${error.message}` }
  }
}

class NotJson extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// oxlint-disable-next-line no-control-regex -- a string of JSON holds no control character
const STRING = /"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*)"/y
const WORD = /true|false|null/y
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

class Reader {
  readonly #text: string
  #at = 0
  #nested = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): unknown {
    const value = this.#value()
    if (this.#at < this.#text.length) this.#refuse('nothing may follow the end of the value')
    return value
  }

  /** A value, and the blanks on both of its sides. */
  #value(): unknown {
    this.#take(BLANK)
    const first = this.#text[this.#at]
    const value = first === '{' ? this.#object() : first === '[' ? this.#list() : this.#scalar(first)
    this.#take(BLANK)
    return value
  }

  #object(): Readonly<Record<string, unknown>> {
    const members = Object.create(null) as Record<string, unknown>
    this.#each('}', () => {
      this.#take(BLANK)
      const at = this.#at
      if (this.#text[at] !== '"') this.#refuse('here a name in double quotes has to stand')
      const name = this.#string()
      if (Object.hasOwn(members, name)) this.#refuse(`the name ${shown(name)} stands there twice in one object`, at)
      this.#take(BLANK)
      if (this.#text[this.#at] !== ':') this.#refuse('here a colon has to stand')
      this.#at++
      members[name] = this.#value()
    })
    return members
  }

  #list(): unknown[] {
    const members: unknown[] = []
    this.#each(']', () => members.push(this.#value()))
    return members
  }

  /** What stands between brackets, with a comma between one and the next. */
  #each(end: '}' | ']', take: () => void): void {
    if (++this.#nested > MOST_NESTED) this.#refuse(`it is nested more than ${MOST_NESTED} deep`)
    this.#at++
    this.#take(BLANK)
    if (this.#text[this.#at] !== end) {
      take()
      while (this.#text[this.#at] === ',') {
        this.#at++
        take()
      }
    }
    if (this.#text[this.#at] !== end) this.#refuse(`here a comma or ${end} has to stand`)
    this.#at++
    this.#nested--
  }

  #scalar(first: string | undefined): unknown {
    if (first === '"') return this.#string()
    const word = this.#take(WORD)
    if (word !== null) return WORDS[word]
    const number = this.#take(NUMBER)
    return number === null ? this.#refuse('here a value has to stand') : Number(number)
  }

  #string(): string {
    const at = this.#at
    const literal = this.#take(STRING)
    if (literal === null) return this.#refuse('this text in double quotes is not as JSON has it', at)
    return JSON.parse(literal) as string
  }

  /** Takes what is there of this pattern; null where nothing is. */
  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? null
    this.#at += found?.length ?? 0
    return found
  }

  #refuse(message: string, at = this.#at): never {
    throw new NotJson(at, message)
  }
}

const MOST_SHOWN = 60

/** A word of a stranger within a sentence: in quotes, cut, and without a character that a terminal would obey. */
export function shown(word: string): string {
  const cut = word.length > MOST_SHOWN ? `${word.slice(0, MOST_SHOWN)}…` : word
  const escaped = cut
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`)
  return `'${escaped}'`
}
