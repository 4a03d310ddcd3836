/** What a theory is: two questions about a world of sockets, to which it may have no answer. */

import type { CallOutcome } from '../domain/theory.ts'
import type { Arrival, HeldSocket, Wish, World } from './world.ts'

export type Theory = {
  /** May this bind succeed, and the listen(2) that follows where it was asked for? `null`: no opinion. */
  mayBind: (world: World, wish: Wish) => CallOutcome | null
  /** May this socket, which is bound, listen as well? `null`: no opinion. */
  mayListen: (world: World, socket: HeldSocket) => CallOutcome | null
  /** Which sockets may get this packet: one of them does. Empty: it is refused. `null`: no opinion. */
  whoGets: (world: World, arrival: Arrival) => readonly HeldSocket[] | null
}
