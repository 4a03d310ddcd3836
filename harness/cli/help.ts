/** The help text, and the list of labs. */

import { findLabs } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import { FORMATS } from '../report/formats.ts'

/** A line for each format, to stand below `--report`. */
export function formatLines(): string {
  return Object.entries(FORMATS)
    .map(([name, { summary }]) => `      ${name.padEnd(9)} ${summary}`)
    .join('\n')
}

export function helpText(): string {
  return `Runs labs: experiments with real sockets in real processes, checked and explained.

  npm run lab                        lists the labs
  npm run lab 04-dual-stack          runs one lab; 04 or dual-stack will do
  npm run lab 01 04                  runs several
  npm run lab -- --all               runs all

Options stand after a --, because npm keeps for itself what stands before it:

  --predict              asks what you expect before each act
  --report FORMAT[=FILE] may be given more than once; without FILE it goes to standard output
${formatLines()}
  --full                 the long form of labs that have one, such as 14-more-than-65535
  --repeat N             runs each lab N times
  --timeout SECONDS      the time limit for one lab
  --port N               the port to use, with one lab
  --jobs N               how many labs run side by side
  --save FILE            keeps the evidence
  --replay FILE          tells saved evidence again; opens no socket
  --color, --no-color    colour, whatever the terminal is
  --help                 this text

Exit codes: 0 nothing failed, 1 a check failed, 2 wrong usage, 3 something could not be observed,
130, 143, 129 after SIGINT, SIGTERM, SIGHUP.
`
}

export async function labList(): Promise<string> {
  const labs = await Promise.all(findLabs().map((id) => loadLab(id)))
  const width = Math.max(...labs.map(({ id }) => id.length))
  const lines = labs.map(
    ({ id, defect, narration }) =>
      `  ${id.padEnd(width)}  ${defect === null ? narration.title : `cannot run: ${defect}`}\n`,
  )
  return `${lines.join('')}\nRun one with: npm run lab ${labs[0]?.id ?? ''}\nEverything else: npm run lab -- --help\n`
}
