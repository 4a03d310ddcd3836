/** Asks TCP ports with connect(2) in the C library: a handshake is open, a RST is closed. */

import type { Libc } from './scan-libc.ts'
import { ECONNREFUSED, errorName } from './scan-libc.ts'
import type { Asker, Ending, Hear } from './scan-course.ts'

/** States of a socket as struct tcp_info has them (net/tcp_states.h). */
const SYN_SENT = 2
const SYN_RECV = 3
const CLOSE = 7

/**
 * Over loopback the RST is there before connect(2) returns, so most ports have answered at the first look. A second
 * connect(2) for the same endpoint tells so, and Linux then lets the socket connect to the next (inet_stream_connect in
 * net/ipv4/af_inet.c): a socket for each port would be half of the work. What is not refused gets a new one.
 */
export function createLibcTcpAsker(sockets: Libc, hear: Hear, ending: Ending = 'reset'): Asker {
  let port = 0
  let fd = -1
  let metItself = -1

  const ask = (asked: number) => {
    port = asked
    if (fd < 0) fd = sockets.open()
    if (fd < 0) return fail()
    sockets.connect(fd, port)
    if (sockets.connect(fd, port) < 0 && sockets.lastErrno() === ECONNREFUSED) return refused()
    look()
  }

  const look = () => {
    const errno = sockets.errno(fd)
    if (errno === ECONNREFUSED) return finish(hear.closed)
    if (errno !== 0) return finish((failed) => hear.failed(failed, errorName(errno)))
    const { state, retransmits } = sockets.tcpInfo(fd)
    // No error and no connection: connect(2) itself was refused, and nothing was sent.
    if (state === CLOSE) return fail()
    if (state === SYN_SENT || state === SYN_RECV) {
      if (retransmits >= 1) finish(hear.silent)
      return
    }
    if (!sockets.isItself(fd, port)) return finish(hear.open, ending === 'reset' ? sockets.reset : sockets.close)
    // While this one is held, its port is taken, and the next one gets another.
    hear.metItself(port)
    metItself = fd
    fd = -1
    ask(port)
  }

  const refused = () => {
    leaveItself()
    hear.closed(port)
    hear.idle()
  }

  const fail = () => {
    const code = errorName(sockets.lastErrno())
    finish((failed) => hear.failed(failed, code))
  }

  const finish = (tell: (port: number) => void, end = sockets.close) => {
    close(end)
    tell(port)
    hear.idle()
  }

  const close = (end = sockets.close) => {
    if (fd >= 0) end(fd)
    fd = -1
    leaveItself()
  }

  const leaveItself = () => {
    if (metItself >= 0) sockets.reset(metItself)
    metItself = -1
  }

  return { seesSilence: true, ask, look, askAgain() {}, giveUp: () => finish(hear.silent), close: () => close() }
}
