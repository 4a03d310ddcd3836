/** Asks TCP ports with Node's sockets: a handshake is open, a RST is closed. */

import { Socket } from 'node:net'

import type { Asker, Ending, Hear } from './scan-course.ts'

/**
 * The same Socket object dials again and again; each time it has a new socket of the kernel. To make an object for each
 * port would cost as much as all the system calls.
 */
export function createNodeTcpAsker(address: string, hear: Hear, ending: Ending = 'reset'): Asker {
  let port = 0
  let answered = true
  let socket = create()
  let metItself: Socket | null = null

  function create(): Socket {
    const made = new Socket()
    made.on('connect', () => {
      if (isItself(made)) {
        // While this one is held, its port is taken, and the next one gets another.
        hear.metItself(port)
        metItself = made
        socket = create()
        dial()
        return
      }
      answer(hear.open)
      if (ending === 'reset') made.resetAndDestroy()
      else made.destroy()
    })
    made.on('error', ({ code = 'EUNKNOWN' }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') answer(hear.closed)
      else answer((asked) => hear.failed(asked, code))
    })
    made.on('close', () => {
      if (made === socket) hear.idle()
    })
    return made
  }

  const dial = () => socket.connect({ host: address, port, autoSelectFamily: false })

  const answer = (tell: (port: number) => void) => {
    // A reset after the handshake ends a connection; it does not undo it.
    if (answered) return
    answered = true
    metItself?.resetAndDestroy()
    metItself = null
    tell(port)
  }

  const close = () => {
    answered = true
    metItself?.resetAndDestroy()
    metItself = null
    socket.destroy()
  }

  return {
    seesSilence: false,
    ask(asked) {
      port = asked
      answered = false
      dial()
    },
    look() {},
    askAgain() {},
    giveUp() {
      answer(hear.silent)
      socket.destroy()
    },
    close,
  }
}

/**
 * Where the kernel gives a client the very port that it asks, its SYN meets itself, and the socket is connected to
 * itself: a simultaneous open (RFC 9293, section 3.5). Nobody else holds the port then.
 */
function isItself({ localAddress, localPort, remoteAddress, remotePort }: Socket): boolean {
  return localPort === remotePort && localAddress === remoteAddress
}
