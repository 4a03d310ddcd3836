/** The JSON Schema of submission.json. What it takes is read without a remark; names that it does not know are passed over. */

import type { RoleTexts } from '../catalog/roles.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Schema } from './schema-parts.ts'
import { byCheck, objectOf, REFERENCE, schemaText } from './schema-parts.ts'
import { MOST_EXPLAINED } from './submission-answers.ts'
import { MOST_WORD_LENGTH, MOST_WORDS } from './submission-programs.ts'
import { AUTHOR, AUTHOR_ALLOWED } from './submission.ts'

/** @param roles the roles that these labs have, with what each has to do. */
export function submissionSchema(labs: readonly LoadedLab[], roles: RoleTexts): string {
  const ids = labs.map(({ id }) => id)
  const programs = Object.entries(roles).map(([role, { title, task }]) => [
    role,
    { description: [`${title}.`, ...task].join('\n'), ...PROGRAM },
  ])
  const schema = objectOf(
    {
      $schema: REFERENCE,
      author: { description: `Your id: ${AUTHOR_ALLOWED}.`, type: 'string', pattern: AUTHOR.source },
      labs: { description: 'The labs that you answer.', type: 'array', items: { enum: ids } },
      predictions: byCheck(labs, 'What you expect, before you have seen it.', ({ question, outcomes, choices }) => ({
        description: `${question}\n${choices}\nAn empty text: no answer.`,
        enum: ['', ...outcomes],
      })),
      explanations: byCheck(labs, 'Why you expect it, if you like, in your own words.', () => ({
        $ref: '#/$defs/explanation',
      })),
      programs: {
        description: 'For each role the program that you hand in.',
        ...objectOf(Object.fromEntries(programs) as Record<string, Schema>),
      },
    },
    { required: ['author'], $defs: { explanation: { type: 'string', maxLength: MOST_EXPLAINED } } },
  )
  return schemaText(
    'A submission to socket labs',
    'What is handed in: predictions, and programs in any language.',
    schema,
  )
}

const command = (description: string): Schema => ({
  description: `${description} Words as the system starts it, in the folder of the submission. No shell reads them.`,
  type: 'array',
  minItems: 1,
  maxItems: MOST_WORDS,
  items: { type: 'string', maxLength: MOST_WORD_LENGTH },
})

const PROGRAM = objectOf(
  {
    run: command('The command that runs it, such as ["python3", "server7.py"]. The port is added as its last word.'),
    build: command('The command that builds it, if it has to be built, such as ["gcc", "-o", "server7", "server7.c"].'),
  },
  { required: ['run'] },
)
