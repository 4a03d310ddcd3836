/** The step that reads a listing which stands in a lab's folder, because the machine that prints such is not here. */

import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Recorded } from '../domain/observation.ts'
import { readBsdNetstat } from '../listing/bsd-netstat.ts'
import { readFstat } from '../listing/fstat.ts'

const READERS = { fstat: readFstat, netstat: readBsdNetstat }

export function readRecorded(format: keyof typeof READERS, file: URL): Recorded {
  const path = fileURLToPath(file)
  const reading = READERS[format](readFileSync(path, 'utf8'))
  return { format, file: `labs/${basename(dirname(path))}/${basename(path)}`, ...reading }
}
