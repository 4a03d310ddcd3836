/** What `npm run ports` is asked about: texts that are handed in, or else this machine. */

import { readInput, readStandardInput, STANDARD_INPUT } from './ports-input.ts'
import type { PortsOptions } from './ports-options.ts'

/** `name`: the file, or `standard input`. */
export type Handed = { name: string; text: string }

/**
 * The files that were named, else standard input where something is in it; `null` means this machine. A source that is
 * asked for by name is of this machine.
 */
export async function findHanded({ files, from }: Pick<PortsOptions, 'files' | 'from'>): Promise<Handed[] | null> {
  const all: Handed[] = []
  for (const file of files) all.push({ name: nameOf(file), text: await readInput(file) })
  if (all.length > 0 || from !== null) return all.length > 0 ? all : null
  const text = await readStandardInput(tellWaiting)
  if (text === null) return null
  if (text.trim() !== '') return [{ name: nameOf(STANDARD_INPUT), text }]
  process.stderr.write('ports: nothing came over standard input; this is the machine itself\n')
  return null
}

const nameOf = (file: string) => (file === STANDARD_INPUT ? 'standard input' : file)

function tellWaiting(): void {
  process.stderr.write(
    'ports: waiting for a listing on standard input; to look at this machine: npm run ports </dev/null\n',
  )
}
