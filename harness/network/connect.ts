/** The harness's own TCP client: connects, hears what the server says first, and closes. */

import { createConnection } from 'node:net'

import type { Endpoint } from '../domain/endpoint.ts'
import type { Connected } from '../domain/observation.ts'

export type Dialled = {
  outcome: Connected['outcome']
  local: Endpoint | null
  heard: string
  /** What there was to hear last: a line, the server's FIN, a reset, or nothing until it was `enough`. */
  last: 'line' | 'end' | 'reset' | 'nothing'
}

export type DialOptions = {
  /** The client's own address, port, or both, where it chooses them. */
  from?: Partial<Endpoint>
  /** Aborted with the reason `silence` when nobody answers the SYN. */
  silence: AbortSignal
  /** Called when the handshake is complete; `say` sends something to the server. */
  onConnected?: (local: Endpoint, say: (text: string) => void) => void
  /** Aborted when there is nothing more to hear. */
  enough: AbortSignal
  /** Called with the first line. The server is then heard to its end, so that nothing that it does meets a closed client. */
  onLine?: () => void
}

/**
 * Connects to an endpoint. Hears until the first line, the end, or `enough`. Never rejects.
 * Where it is connected and has no `local`, the connection was reset before it could be looked at.
 */
export function dial(
  { address, port }: Endpoint,
  { from, silence, onConnected, enough, onLine }: DialOptions,
): Promise<Dialled> {
  return new Promise((resolve) => {
    let local: Endpoint | null = null
    let heard = ''
    let connected = false
    // autoSelectFamily would retry with another address; here one address is asked, once.
    const socket = createConnection({ host: address, port, ...ownEnd(from), autoSelectFamily: false })
    const finish = (outcome: Connected['outcome'], last: Dialled['last'] = 'nothing') => {
      silence.removeEventListener('abort', giveUp)
      enough.removeEventListener('abort', hearNoMore)
      socket.destroy()
      resolve({ outcome, local, heard, last })
    }
    // What has come is read first: docs/notes/node/timers-before-input.md.
    const giveUp = () =>
      setImmediate(() => {
        if (!connected) finish('timed-out')
      })
    const hearNoMore = () => setImmediate(() => finish(connected ? 'connected' : 'timed-out'))
    silence.addEventListener('abort', giveUp)
    enough.addEventListener('abort', hearNoMore)
    socket.setEncoding('utf8')
    socket.once('connect', () => {
      connected = true
      local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
      onConnected?.(local, (text) => socket.write(text))
    })
    socket.on('data', (piece: string) => {
      const hadLine = hasLine(heard)
      if (!hadLine) heard += piece
      if (hadLine || !hasLine(heard)) return
      if (onLine) onLine()
      else finish('connected', 'line')
    })
    socket.once('end', () => finish('connected', 'end'))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // A reset after the handshake ends a connection; it does not undo it.
      if (connected || wasReset(error)) finish('connected', 'reset')
      else finish((error.code ?? 'EUNKNOWN') as Connected['outcome'])
    })
  })
}

function hasLine(heard: string): boolean {
  return heard.includes('\n') || heard.length > 1000
}

function ownEnd({ address, port }: Partial<Endpoint> = {}) {
  return { ...(address !== undefined && { localAddress: address }), ...(port !== undefined && { localPort: port }) }
}

/**
 * Whether a failed connect had been connected. A RST that answers the SYN is ECONNREFUSED. One that comes after the
 * handshake leaves ECONNRESET in the socket, or EPIPE once the other side's FIN is there; libuv reads it where it asks
 * how connect(2) went, if it did not come to ask earlier.
 */
function wasReset({ code, syscall }: NodeJS.ErrnoException): boolean {
  return syscall === 'connect' && (code === 'ECONNRESET' || code === 'EPIPE')
}
