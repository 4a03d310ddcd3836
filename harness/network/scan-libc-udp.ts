/** Asks UDP ports with a datagram through the C library: an answer is open, ICMP port unreachable is closed. */

import type { Libc } from './scan-libc.ts'
import { EAGAIN, ECONNREFUSED, errorName } from './scan-libc.ts'
import { isAnswer, questionTo } from './scan-question.ts'
import type { Asker, Hear } from './scan-course.ts'

/**
 * Only a connected UDP socket is told of ICMP port unreachable (udp(7)). One that was told is connected to the next
 * port, as connect(2) allows; one that asked twice is not, for a second message may still come and would be taken for
 * the next port's.
 */
export function createLibcUdpAsker(sockets: Libc, hear: Hear): Asker {
  let port = 0
  let asked = 0
  let fd = -1
  let metItself = -1

  const ask = (next: number) => {
    port = next
    asked = 0
    if (fd < 0) fd = sockets.open()
    if (fd < 0 || sockets.connect(fd, port) < 0) return fail(false)
    askAgain()
  }

  const askAgain = () => {
    asked += 1
    // An error that came since is told in place of sending.
    if (sockets.send(fd, questionTo(port))) look()
    else fail(asked === 2)
  }

  const look = () => {
    const text = sockets.receive(fd)
    if (text === null) {
      const errno = sockets.lastErrno()
      if (errno !== EAGAIN) fail(asked === 1)
      return
    }
    if (!isAnswer(text, port)) return
    if (!sockets.isItself(fd, port)) return finish(hear.open, false)
    // While this one is held, its port is taken, and the next one gets another.
    hear.metItself(port)
    metItself = fd
    fd = -1
    ask(port)
  }

  /** `once`: only one datagram has been sent to this port. */
  const fail = (once: boolean) => {
    const errno = sockets.lastErrno()
    if (errno === ECONNREFUSED) finish(hear.closed, once)
    else finish((failed) => hear.failed(failed, errorName(errno)), false)
  }

  const finish = (tell: (port: number) => void, keep: boolean) => {
    if (metItself >= 0) sockets.close(metItself)
    metItself = -1
    if (!keep) close()
    tell(port)
    hear.idle()
  }

  const close = () => {
    for (const one of [fd, metItself]) if (one >= 0) sockets.close(one)
    fd = -1
    metItself = -1
  }

  return { seesSilence: false, ask, look, askAgain, giveUp: () => finish(hear.silent, false), close }
}
