/** What is wrong with the words of a lab: missing, empty, too loud, or about something that is not there. */

import type { Problem } from './problem.ts'
import { entriesOf, isPlain, lineOf, stringsOf } from './problem.ts'
import type { LabFiles } from './read.ts'

type Words = {
  /** Demands a text under this key. A function of the evidence is a text where the evidence is known. */
  text: (value: unknown, keys: string[], options?: { orFunction?: boolean; whose?: string }) => void
  note: (keys: string[], what: string, todo: string, stops?: boolean) => void
}

export function textProblems({ id, lab, narration: { file, text: source, value } }: LabFiles): Problem[] {
  const problems: Problem[] = []
  const note: Words['note'] = (keys, what, todo, stops = false) => {
    problems.push({ labs: [id], file, line: lineOf(source, ...keys), what, todo, stops })
  }
  const words: Words = { note, text: (text, keys, options) => checkText(text, keys, options ?? {}, note) }
  const narration = isPlain(value) ? value : {}
  words.text(narration['title'], ['title'])
  words.text(narration['summary'], ['summary'])
  const remember: unknown[] = Array.isArray(narration['remember']) ? narration['remember'] : []
  if (remember.length === 0) note(['remember'], 'there is nothing to remember', 'Write one to four sentences.', true)
  for (const sentence of remember) words.text(sentence, ['remember'])
  if (lab.problem) return problems
  const acts = entriesOf(isPlain(lab.value) ? lab.value['acts'] : undefined)
  checkNames(narration['acts'], acts, ['acts'], 'act', note)
  for (const [act, declared] of acts) {
    const told = property(narration['acts'], act)
    if (!isPlain(told)) continue
    const at = ['acts', act]
    words.text(told['title'], [...at, 'title'], { whose: `the act '${act}'` })
    words.text(told['intro'], [...at, 'intro'], { whose: `the act '${act}'` })
    const checks = entriesOf(property(declared, 'checks'))
    checkNames(told['checks'], checks, [...at, 'checks'], 'check', note)
    for (const [check, { outcomes = [] }] of checks.map(([name, one]) => [name, isPlain(one) ? one : {}] as const)) {
      const asked = property(told['checks'], check)
      if (isPlain(asked)) checkQuestion(asked, stringsOf(outcomes), [...at, 'checks', check], check, words)
    }
  }
  return problems
}

function checkQuestion(asked: object, outcomes: string[], at: string[], check: string, words: Words): void {
  words.text(property(asked, 'question'), [...at, 'question'], { whose: `'${check}'` })
  const told = property(asked, 'outcomes')
  checkNames(
    told,
    outcomes.map((outcome) => [outcome, undefined]),
    [...at, 'outcomes'],
    'outcome',
    words.note,
    ` of '${check}'`,
  )
  const choices = new Map<unknown, string>()
  for (const outcome of outcomes) {
    const text = property(told, outcome)
    if (!isPlain(text)) continue
    const here = [...at, 'outcomes', outcome]
    const whose = `the outcome '${outcome}' of '${check}'`
    words.text(text['choice'], [...here, 'choice'], { whose })
    words.text(text['seen'], [...here, 'seen'], { whose, orFunction: true })
    words.text(text['why'], [...here, 'why'], { whose, orFunction: true })
    if ('expectedBecause' in text) words.text(text['expectedBecause'], [...here, 'expectedBecause'], { whose })
    const same = choices.get(text['choice'])
    choices.set(text['choice'], outcome)
    if (same === undefined) continue
    const what = `'${check}' offers '${same}' and '${outcome}' in the same words`
    words.note([...here, 'choice'], what, 'Let the two choices differ: nobody could choose between them.')
  }
}

/** Every name that is declared has its words, and there are words for no other. */
function checkNames(
  told: unknown,
  declared: [string, unknown][],
  at: string[],
  kind: string,
  note: Words['note'],
  of = '',
): void {
  for (const [name] of declared) {
    if (isPlain(property(told, name))) continue
    note(at, `narration.en.ts has no text for the ${kind} '${name}'${of}`, `Write it: ${keyOf(name)}: { … }.`, true)
  }
  for (const [name] of entriesOf(told)) {
    if (declared.some(([one]) => one === name)) continue
    const todo = `Take it out, or call it as lab.ts does: ${declared.map(([one]) => one).join(', ')}.`
    note([...at, name], `there is a text for the ${kind} '${name}'${of}, which lab.ts does not have`, todo)
  }
}

function checkText(
  text: unknown,
  keys: string[],
  { orFunction = false, whose }: { orFunction?: boolean; whose?: string },
  note: Words['note'],
): void {
  const name = [`the ${keys.at(-1)}`, whose].filter(Boolean).join(' of ')
  const literals = typeof text === 'function' && orFunction ? literalsOf(text) : stringsOf(text)
  if (literals.some((literal) => literal.includes('!'))) {
    note(keys, `${name} has an exclamation mark`, 'Say it calmly: a full stop will do.')
  }
  if (typeof text === 'function' && orFunction) return
  if (typeof text !== 'string') note(keys, `${name} is missing`, `Write ${keys.at(-1)}: '…'.`, true)
  else if (text.trim() === '') note(keys, `${name} is empty`, 'Write at least one sentence.', true)
}

/** The pieces of text in the source of a function, without the code that stands between them. */
function literalsOf(text: { toString(): string }): string[] {
  const literals = text.toString().match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? []
  return literals.map((literal) => literal.replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, ''))
}

function property(value: unknown, key: string): unknown {
  return isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`
}
