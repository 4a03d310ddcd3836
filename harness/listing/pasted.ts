/** The lines of a paste, without what terminals, pagers and mails put around them. */

/** Colours and cursor movements (ECMA-48 CSI), titles (OSC), and the short escapes. None goes on in the next line. */
// oxlint-disable-next-line no-control-regex -- these are the characters to be found
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[()][0-9A-Za-z]|[=>78cDEHM])/g

/** What less, more and systemd's pager leave in the last line. */
const PAGER = /^(?:\(END\)|:|--More--(?:\s*\(\d+%\))?|lines \d+-\d+(?:\/\d+)?(?: \(END\))?)$/

const QUOTE = /^(?:>(?: |$|(?=>)))+/

/**
 * One entry per line of the text, so that the index tells the number. A pager's line is empty here. Trailing blanks are
 * cut off (a carriage return is one); leading ones stay, since a continued line is known by them.
 */
export function pastedLines(text: string): string[] {
  const plain = text.includes('\u001b') ? text.replace(ESCAPES, '') : text
  const lines = plain.split('\n')
  for (let index = 0; index < lines.length; index += 1) lines[index] = cleaned(lines[index] ?? '', index === 0)
  while (lines.at(-1) === '') lines.pop()
  return lines
}

function cleaned(line: string, isFirst: boolean): string {
  let text = line.trimEnd()
  if (isFirst && text.startsWith('\uFEFF')) text = text.slice(1)
  if (text.startsWith('>')) text = text.replace(QUOTE, '')
  return text.length < 40 && PAGER.test(text) ? '' : text
}

/** Whether the line opens or closes a block of code in Markdown. */
export function isFence(line: string): boolean {
  return /^\s{0,3}(?:```|~~~)[^`]*$/.test(line)
}
