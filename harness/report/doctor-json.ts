/** What `npm run doctor` found, as JSON for programs: docs/doctor.md describes it. */

import type { DoctorReport } from '../domain/forecast.ts'
import { toJson } from './plain.ts'

const DOCTOR_FORMAT = 'socket-labs-doctor'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const DOCTOR_VERSION = 1

export function doctorJson({ machine, forecast, names, sandbox }: DoctorReport): string {
  return `${toJson({ format: DOCTOR_FORMAT, version: DOCTOR_VERSION, names, machine, forecast, ...(sandbox && { sandbox }) }, 1)}\n`
}
