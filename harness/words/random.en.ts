/** English words for what random sequences of socket calls said of M8: whether it agrees with a kernel, and if not, how. */

import type { RandomResult } from '../domain/verification.ts'

/** A line for each sentence of the story; the command comes last, on a line of its own. */
export function randomStory({ seed, sequences, steps, disagreement }: RandomResult): string[] {
  const extent = `${sequences} random sequences of socket calls, ${steps} steps foretold and answered, seed ${seed}`
  if (disagreement === null && steps === 0) return [`M8 was not put to the test: ${extent}.`]
  if (disagreement === null) return [`M8 and this kernel agree: ${extent}.`]
  const { story, byHand } = disagreement
  return [
    'M8 and this kernel disagree. The shortest sequence of socket calls that shows it:',
    ...story.map((one, index) => `${index + 1}. ${stepInWords(one)}`),
    `It was found among ${extent}.`,
    ...(byHand === null ? ['The bench of npm run try has no words for all of it.'] : ['The same by hand:', byHand]),
  ]
}

type Step = NonNullable<RandomResult['disagreement']>['story'][number]

function stepInWords({ step, foretold, happened }: Step): string {
  const what = `${step}: ${outcomeInWords(happened)}`
  if (foretold === '') return `${what}.`
  const alike = foretold.split(' or ').includes(happened)
  return alike ? `${what}, as M8 had said.` : `${what}. M8 had said: ${outcomeInWords(foretold)}.`
}

const OUTCOMES: Readonly<Record<string, string>> = {
  listening: 'it listens',
  bound: 'it is bound',
  connected: 'it is connected',
  closed: 'it is closed',
  'another port': 'the system gives it another port',
  ECONNREFUSED: 'nobody gets it, and it is refused with ECONNREFUSED',
  silent: 'there is no answer',
}

function outcomeInWords(outcome: string): string {
  if (outcome.startsWith('step ')) return `the socket of ${outcome.replaceAll(' or ', ' or of ')} gets it`
  return OUTCOMES[outcome] ?? `the system answers ${outcome}`
}
