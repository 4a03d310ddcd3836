/** Programs that are not seen, in English: why, and what to do. */

import { inThousands } from './phrases.en.ts'

const sockets = (count: number) => (count === 1 ? '1 socket has' : `${inThousands(count)} sockets have`)

export function unseenByUser(count: number): string {
  if (count === 0) return 'Only your own sockets are here. Run it with more rights to see the others.'
  return `${sockets(count)} no program here: you see the programs of your own user only. Run it with more rights to see the others:`
}

/** Above the command that does so. */
export const moreRightsShowProgram = 'Run it with more rights to see the program:'

/** Root sees the processes of its own namespace. What remains belongs to the kernel or to others. */
export function unseenByRoot(count: number): string {
  return `${sockets(count)} no program here, though you are root: the kernel's own, such as those of NFS and WireGuard, or of a process outside of this container.`
}
