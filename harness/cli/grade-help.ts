/** The help text of `npm run grade`. */

import { GRADED_FORMATS } from '../report/graded/formats.ts'

export function gradeHelp(): string {
  const formats = Object.entries(GRADED_FORMATS).map(([name, { summary }]) => `      ${name.padEnd(13)} ${summary}`)
  return `Grades what students hand in for labs: predictions, and programs that take the place of a lab's own.

  npm run grade -- submissions/ada            one submission, with its points
  npm run grade -- submissions/ --labs 01,04  each folder in it: a line for each, then the gradebook
  npm run grade -- submissions/ --rubric rubric.json
                                              points, visibility and labs as the rubric says
  npm run grade -- --merge a.json b.json      one gradebook out of those of several machines

Predictions are held against what this machine does. Programs are seen from outside: what they print is kept, and never
believed. They run in a sandbox: npm run doctor says what it promises here.

Options stand after a --, because npm keeps for itself what stands before it:

  --labs LABS            which labs are graded; separate several by commas
  --rubric FILE          what each check is worth and who sees it; npm run lab:handout writes one to start from
  --jobs N               how many submissions are graded side by side
  --repeat N             performs each act N times with the programs: what is right by luck is not right each time
  --out DIR              where the gradebook of a class goes: graded/ unless told otherwise. What was graded there
                         before is not graded again
  --shard I/N            one part of the submissions, for N machines that share them
  --merge                puts gradebook.json of several parts together, and grades nothing
  --require-sandbox      does not start programs without a sandbox: so for more than one submission, unless
                         --no-require-sandbox says otherwise
  --teacher              reports of one submission tell what is hidden from its author as well
  --report FORMAT[=FILE] may be given more than once; without FILE it goes to standard output
${formats.join('\n')}
  --color, --no-color    colour, whatever the terminal is
  --help                 this text

Exit codes: 0 grading finished, whatever the points, 2 wrong usage, 3 something was inconclusive and a person has to
look, 130, 143, 129 after SIGINT, SIGTERM, SIGHUP.
`
}
