/** `npm run doctor`: what this machine is, has and may do, and what that means for the labs. */

import { hostname, userInfo } from 'node:os'

import { findLabs, labsFolder } from '../catalog/find.ts'
import { readDeclaration } from '../catalog/read.ts'
import type { DoctorReport, MachineNames } from '../domain/forecast.ts'
import type { Lab } from '../domain/lab.ts'
import { readLocalAddresses } from '../host/local-addresses.ts'
import { withoutHome } from '../host/machine-private.ts'
import { readMachine } from '../host/machine.ts'
import { trySandboxHere } from '../process/sandbox-here.ts'
import { doctorJson } from '../report/doctor-json.ts'
import { doctorMarkdown } from '../report/doctor-markdown.ts'
import { doctorText } from '../report/doctor-text.ts'
import { createLayout } from '../report/layout.ts'
import type { Declared } from '../verify/forecast.ts'
import { forecast } from '../verify/forecast.ts'
import { wantsColor } from './color.ts'
import { performCommand } from './perform-command.ts'
import { screenOf, writeOut } from './ports-output.ts'
import { EXIT_INCONCLUSIVE, UsageError } from './usage.ts'

const HELP = `Tells what this machine is, has and may do, as far as sockets depend on it: the system, the loopback interface,
settings, tools, and rights, each found by trying. Then which labs will run whole here, which with skips and why, what
would change that, and which setting changes which answer.

  npm run doctor                     for reading
  npm run doctor -- --json           for programs; docs/doctor.md describes it
  npm run doctor -- --markdown       for a bug report
  npm run doctor -- --names          adds the names of the host and the user, and all addresses
  npm run doctor -- --help           this text

Without --names it says nothing of who and where this machine is, and no address but loopback ones.

Exit codes: 0 all was said, 2 wrong usage, 3 the machine could not be looked at.
`

await performCommand({
  name: 'doctor',
  help: HELP,
  switches: ['json', 'markdown', 'names'],
  async perform(words, isOn) {
    if (words.length > 0) throw new UsageError('it takes no words; npm run lab runs a lab')
    if (isOn('json') && isOn('markdown')) throw new UsageError('--json and --markdown are two forms; choose one')
    try {
      const report = await examine(isOn('names'))
      await writeOut(
        isOn('json') ? [doctorJson(report)] : isOn('markdown') ? doctorMarkdown(report) : forReading(report),
      )
    } catch (error) {
      if (error instanceof UsageError) throw error
      // A defect of the harness says nothing of the machine.
      process.stderr.write(`doctor: ${(error as Error).stack ?? String(error)}\n`)
      process.exitCode = EXIT_INCONCLUSIVE
    }
    // All is written. A tool that still hangs is not waited for.
    process.exit()
  },
})

/** The labs are loaded while the tools of the machine answer. */
async function examine(withNames: boolean): Promise<DoctorReport> {
  const [reading, trying] = [readMachine(), trySandboxHere()]
  const declared = Promise.all(findLabs(labsFolder()).map(declaredIn))
  const machine = await reading
  const names = withNames ? readNames() : null
  return { machine, forecast: forecast(await declared, machine), names, sandbox: withoutHome(await trying) }
}

async function declaredIn(id: string): Promise<Declared> {
  const { value, problem } = await readDeclaration(id)
  return { id, lab: problem === null ? (value as Lab) : null, defect: problem?.what ?? null }
}

function readNames(): MachineNames {
  return { host: hostname(), user: readUser(), addresses: readLocalAddresses().localAddresses }
}

/** getpwuid_r(3) knows no name for a user id that is in no database, as in many containers. */
function readUser(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}

function forReading(report: DoctorReport): Iterable<string> {
  const { columns, isTTY } = screenOf()
  return doctorText(createLayout({ columns, color: wantsColor(null, process.env, { isTTY }) }), report)
}
