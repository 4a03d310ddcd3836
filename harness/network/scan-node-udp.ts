/** Asks UDP ports with a datagram through Node's sockets: an answer is open, ICMP port unreachable is closed. */

import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'

import { addressFamily } from '../domain/endpoint.ts'
import { isAnswer, questionTo } from './scan-question.ts'
import type { Asker, Hear } from './scan-course.ts'

/**
 * Only a connected UDP socket is told of ICMP port unreachable (udp(7)). One that was told is connected to the next port;
 * one that asked twice is not, for a second message may still come and would be taken for the next port's.
 */
export function createNodeUdpAsker(address: string, hear: Hear): Asker {
  const family = addressFamily(address) === 'IPv6' ? 6 : 4
  let port = 0
  let asked = 0
  let answered = true
  let socket: Socket | null = null
  let metItself: Socket | null = null

  const create = (): Socket => {
    // The address needs no look-up; without this each would take its turn in the thread pool's queue.
    const made = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      lookup: (host, _options, done) => done(null, host, family),
    })
    made.on('error', (error) => fail(made, error))
    made.on('message', (message, from) => {
      if (made !== socket || answered || from.port !== port || !isAnswer(message.toString('latin1'), port)) return
      const own = made.address()
      if (own.port === port && own.address === from.address) {
        // While this one is held, its port is taken, and the next one gets another.
        hear.metItself(port)
        metItself = made
        socket = create()
        dial(socket)
        return
      }
      finish(hear.open, false)
    })
    return made
  }

  const fail = (made: Socket, { code = 'EUNKNOWN' }: NodeJS.ErrnoException) => {
    if (made !== socket || answered) return
    if (code === 'ECONNREFUSED') finish(hear.closed, asked === 1)
    else finish((failed) => hear.failed(failed, code), false)
  }

  const dial = (made: Socket) => {
    asked = 0
    // Node hands a failed connect to the callback; its types do not say so.
    made.connect(port, address, (error?: Error) => {
      if (error) fail(made, error)
      else if (made === socket && !answered) send(made)
    })
  }

  const send = (made: Socket) => {
    asked += 1
    made.send(questionTo(port), (error) => {
      if (error) fail(made, error)
    })
  }

  const finish = (tell: (port: number) => void, keep: boolean) => {
    answered = true
    metItself?.close()
    metItself = null
    if (keep) socket?.disconnect()
    else forget()
    tell(port)
    hear.idle()
  }

  const forget = () => {
    socket?.close()
    socket = null
  }

  return {
    seesSilence: false,
    ask(next) {
      port = next
      answered = false
      socket ??= create()
      dial(socket)
    },
    look() {},
    askAgain() {
      if (socket && asked > 0) send(socket)
    },
    giveUp: () => finish(hear.silent, false),
    close() {
      answered = true
      metItself?.close()
      forget()
    },
  }
}
