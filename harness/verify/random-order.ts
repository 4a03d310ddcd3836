/** What is said between the harness and the processes whose sockets are held against M8. */

import type { Endpoint } from '../domain/endpoint.ts'
import type { Asked } from '../domain/program-event.ts'

export type Order =
  | { do: 'open'; id: number; asked: Asked }
  | { do: 'listen' | 'close'; id: number }
  | { do: 'connect'; id: number; peer: Endpoint }
  | { do: 'reset' }

/** `ok`, or the error's name. */
export type Answer = { outcome: string; local: Endpoint | null }

/** A datagram came to the socket `got`. */
export type Arrived = { got: number; message: string }
