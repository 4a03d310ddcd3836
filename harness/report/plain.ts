/** Makes any text safe to show: what programs and other people's files say may hold anything. */

/** Control characters move cursors and colour terminals, bidirectional ones reorder text, half surrogates are no text. */
const UNFIT = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu

/** The text with every unfit character written as its escape, such as `\u001b`. Line ends and tabs stay. */
export function plain(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNFIT, (one) => (one === '\n' || one === '\t' ? one : escaped(one)))
}

/** The same in a single line, with single spaces. */
export function oneLine(text: string): string {
  return plain(text.replace(/\s+/g, ' ').trim())
}

/**
 * Lines of which GitHub Actions takes none for a command, as it does with what begins with `::error::` after blanks, and
 * with `##[error]` anywhere. Where other people's text stands at the beginning of a line, it is indented.
 */
export function uncommanded(lines: string): string {
  return lines.replace(/^( *) (?=::.*::)/gm, '$1|').replaceAll(/#+\[/g, '#[')
}

/** The text with a full stop, unless it ends a sentence already. */
export function sentence(text: string): string {
  return /[.!?。！？]$/.test(text) ? text : `${text}.`
}

/**
 * JSON that every reader takes: no half surrogates, which strict readers refuse, and nothing that some readers take for
 * the end of a line or that acts on a terminal. It is valid YAML as well.
 */
export function toJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent)
  // A replacer takes three times as long, and half surrogates are rare: JSON.stringify writes them as escapes.
  const whole = HALF.test(text) ? JSON.stringify(value, wellFormed, indent) : text
  return whole.replace(UNFIT_IN_JSON, escaped)
}

const HALF = /\\ud[89a-f]/
/** What is left of UNFIT: the escapes of JSON stand for all below a space, and between values a line end may stand. */
const UNFIT_IN_JSON = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g

const wellFormed = (_key: string, one: unknown) => (typeof one === 'string' ? one.toWellFormed() : one)

function escaped(one: string): string {
  return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
}
