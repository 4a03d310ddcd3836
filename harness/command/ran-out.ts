/** Tells a machine that has run out of something from one that lacks a program. */

import { Inconclusive } from '../domain/inconclusive.ts'

/** What fork(2), pipe(2) and open(2) answer where nothing is left; a moment later there may be some again. */
const RAN_OUT: Record<string, string> = {
  EAGAIN: 'no further process may be started',
  ENOMEM: 'no memory is left',
  EMFILE: 'this process may open no further file',
  ENFILE: 'no further file may be open on this system',
}

/** @throws Inconclusive where `code` does not mean that the program is lacking. */
export function refuseIfRanOut(command: string, code: string | undefined): void {
  const what = RAN_OUT[code ?? '']
  if (what !== undefined) throw new Inconclusive(`${command} could not be started: ${what} (${code})`)
}
