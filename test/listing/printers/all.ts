/** Every printer of sockets. */

import { BSD } from './bsd.ts'
import { LSOF, LSOF_FIELDS, LSOF_WITHOUT_HEADING } from './lsof.ts'
import { NETSTAT } from './netstat.ts'
import type { Printer } from './printer.ts'
import { PROC } from './proc.ts'
import { SS } from './ss.ts'

export const PRINTERS: readonly Printer[] = [
  ...SS,
  LSOF,
  LSOF_WITHOUT_HEADING,
  ...LSOF_FIELDS,
  ...PROC,
  ...NETSTAT,
  ...BSD,
]
