/** A strict reader of TAP 14: it refuses every line that it does not know. */

export type TapPoint = {
  ok: boolean
  number: number
  description: string
  skip: string | null
  diagnostics: Record<string, unknown> | null
}

export type TapDocument = { planned: number; planReason: string | null; points: TapPoint[]; comments: string[] }

/** @throws Error naming the line that is no TAP. */
export function readTap(text: string): TapDocument {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const lines = text.slice(0, -1).split('\n')
  if (lines.shift() !== 'TAP version 14') throw new Error('the first line is not the version')
  const document: TapDocument = { planned: -1, planReason: null, points: [], comments: [] }
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const plan = /^1\.\.(\d+)(?: # (.+))?$/.exec(line)
    if (plan) {
      if (document.planned !== -1) throw new Error(`a second plan: ${line}`)
      if (document.points.length > 0) throw new Error(`the plan comes after a test point: ${line}`)
      document.planned = Number(plan[1])
      document.planReason = plan[2] ?? null
    } else if (line.startsWith('# ')) document.comments.push(line.slice(2))
    else document.points.push({ ...readPoint(line), diagnostics: readDiagnostics(lines) })
  }
  if (document.planned === -1) throw new Error('there is no plan')
  if (document.points.length !== document.planned) {
    throw new Error(`${document.planned} planned and ${document.points.length} given`)
  }
  const unordered = document.points.findIndex(({ number }, index) => number !== index + 1)
  if (unordered !== -1) throw new Error(`point ${unordered + 1} has another number`)
  return document
}

function readPoint(line: string): Omit<TapPoint, 'diagnostics'> {
  const point = /^(not )?ok (\d+) - (.*)$/.exec(line)
  if (!point) throw new Error(`no line of TAP: ${JSON.stringify(line)}`)
  const [, not, number, rest = ''] = point
  // Every # and \ of a text is escaped; the one that is not begins a directive, between blanks.
  const parts = /^((?:\\[\\#]|[^\\#])*?)(?: # SKIP ((?:\\[\\#]|[^\\#])+))?$/.exec(rest)
  if (!parts) throw new Error(`wrongly escaped: ${rest}`)
  const [, description = '', skip] = parts
  return {
    ok: not === undefined,
    number: Number(number),
    description: unescape(description),
    skip: skip === undefined ? null : unescape(skip),
  }
}

function unescape(text: string): string {
  return text.replace(/\\([\\#])/g, '$1')
}

/** Reads the YAML block that our reports write: words and JSON as values, in maps and lists by indentation. */
function readDiagnostics(lines: string[]): Record<string, unknown> | null {
  if (lines[0] !== '  ---') return null
  const end = lines.indexOf('  ...')
  if (end === -1) throw new Error('a YAML block has no end')
  return readMap(lines.splice(0, end + 1).slice(1, -1), '  ')
}

function readMap(lines: string[], indent: string): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, blanks, key = '', value] = /^( +)([a-zA-Z]+):(?: (.+))?$/.exec(line) ?? []
    if (blanks !== indent || key in map) throw new Error(`no YAML of ours: ${JSON.stringify(line.slice(0, 99))}`)
    if (value !== undefined) {
      map[key] = readScalar(value)
      continue
    }
    const next = lines.findIndex((other) => !other.startsWith(`${indent}  `))
    const inner = lines.splice(0, next === -1 ? lines.length : next)
    const item = `${indent}  - `
    map[key] = inner.every((one) => one.startsWith(item))
      ? inner.map((one) => readScalar(one.slice(item.length)))
      : readMap(inner, `${indent}  `)
  }
  return map
}

function readScalar(value: string): unknown {
  if (/^(fail|inconclusive)$/.test(value)) return value
  const unfit = /[\p{Cc}\u2028\u2029\ufffe\uffff]|\\ud[89a-f]../u.exec(value.replaceAll('\\\\', ''))
  if (unfit) throw new Error(`not allowed in YAML: ${JSON.stringify(unfit[0])}`)
  return JSON.parse(value) as unknown
}
