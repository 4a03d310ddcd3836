/** Every form of listing that is read. The first form that knows a line has it. */

import { NETSTAT_BSD_FORM } from './bsd-netstat-form.ts'
import type { Form } from './form.ts'
import { FSTAT_FORM } from './fstat-form.ts'
import { LSOF_FIELDS_FORM } from './lsof-fields.ts'
import { LSOF_FORM } from './lsof.ts'
import { NETSTAT_LINUX_FORM } from './netstat-form.ts'
import { NMAP_GREPABLE_FORM } from './nmap-grepable.ts'
import { NMAP_XML_FORM } from './nmap-xml.ts'
import { NMAP_FORM } from './nmap.ts'
import { PROC_FORM } from './proc-form.ts'
import { SOCKSTAT_FORM } from './sockstat.ts'
import { SS_FORM } from './ss.ts'
import { NETSTAT_WINDOWS_FORM } from './windows-netstat.ts'

export const FORMS: readonly Form[] = [
  SS_FORM,
  LSOF_FORM,
  LSOF_FIELDS_FORM,
  PROC_FORM,
  NETSTAT_LINUX_FORM,
  NETSTAT_BSD_FORM,
  NETSTAT_WINDOWS_FORM,
  FSTAT_FORM,
  SOCKSTAT_FORM,
  NMAP_FORM,
  NMAP_GREPABLE_FORM,
  NMAP_XML_FORM,
]
