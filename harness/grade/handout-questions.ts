/** The sheet of questions: each with its choices, in the words and the order of the quiz, and the names to write down. */

import { offered } from '../domain/choice-order.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { SUBMISSION_FILE } from './submission.ts'

const INTRODUCTION = `# What do you expect?

Choose one answer for each question, before you try it. Write the name of your answer into \`${SUBMISSION_FILE}\`, under
\`predictions\`. Leave the text empty where you do not want to answer.

A wrong answer is no shame: many of these questions are here because most people get them wrong. The name of a question
often states one of its answers. That one may be right or wrong. If you like, say under \`explanations\` why you expect
what you expect.
`

export function questionsPage(labs: readonly LoadedLab[]): string {
  return [INTRODUCTION, ...labs.map(sectionOf)].join('\n')
}

function sectionOf({ id, lab, narration }: LoadedLab): string {
  const acts = Object.entries(lab.acts).map(([act, { checks }]) => {
    const told = narration.acts[act]
    const questions = Object.entries(checks).map(([check, { outcomes }]) => {
      const text = told?.checks[check]
      const choices = offered(check, outcomes).map(
        (outcome) => `- \`${outcome}\`: ${text?.outcomes[outcome]?.choice ?? outcome}`,
      )
      return `**${text?.question ?? check}**\n\nThe question is \`${check}\`.\n\n${choices.join('\n')}\n`
    })
    return [`### ${told?.title ?? act}\n`, `${told?.intro ?? ''}\n`, ...questions].join('\n')
  })
  return [`## ${id}: ${narration.title}\n`, `${narration.summary}\n`, ...acts].join('\n')
}
