/** What the runs of a comparison are called: what a person said, else their files' names, made different where alike. */

import { basename, dirname, resolve } from 'node:path'

export type Compared = { label: string; file: string }

/** A word is `FILE` or `LABEL=FILE`. A slash before the sign means that it belongs to the file: `./a=b.json`. */
export function readCompared(words: readonly string[]): Compared[] {
  const read = words.map((word) => {
    const [, label, file] = /^([^=/\\]+)=(.+)$/s.exec(word) ?? []
    return label === undefined || file === undefined ? { label: null, file: word } : { label, file }
  })
  const short = read.map(({ label, file }) => label ?? nameOf(file))
  const longer = read.map(({ label, file }, index) =>
    label === null && isTwice(short, index)
      ? `${basename(dirname(resolve(file)))}/${nameOf(file)}`
      : (short[index] ?? ''),
  )
  return read.map(({ file }, index) => ({ label: numbered(longer, index), file }))
}

function nameOf(file: string): string {
  return basename(file).replace(/\.json$/i, '')
}

function isTwice(names: readonly string[], index: number): boolean {
  return names.indexOf(names[index] ?? '') !== names.lastIndexOf(names[index] ?? '')
}

/** `run (2)`, for the second of two that are called `run` in folders of one name. */
function numbered(names: readonly string[], index: number): string {
  const name = names[index] ?? ''
  const number = names.slice(0, index + 1).filter((one) => one === name).length
  return isTwice(names, index) ? `${name} (${number})` : name
}
