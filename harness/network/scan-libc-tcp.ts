/** Asks TCP ports with connect(2) in the C library: a handshake is open, a RST is closed. */

import type { Libc } from './scan-libc.ts'
import { ECONNREFUSED, errorName, socketsTo } from './scan-libc.ts'
import type { Asker, Hear } from './scan-course.ts'

/** States of a socket as struct tcp_info has them (net/tcp_states.h). */
const SYN_SENT = 2
const SYN_RECV = 3
const CLOSE = 7

/** Over loopback the RST is there before connect(2) returns, so most ports have answered at the first look. */
export function createLibcTcpAsker(address: string, libc: Libc, hear: Hear): Asker {
  const sockets = socketsTo(address, 'tcp', libc)
  let port = 0
  let fd = -1
  let metItself = -1

  const ask = (asked: number) => {
    port = asked
    fd = sockets.open()
    if (fd < 0) return finish((failed) => hear.failed(failed, sockets.lastError()))
    sockets.connect(fd, port)
    look()
  }

  const look = () => {
    const error = sockets.error(fd)
    if (error === ECONNREFUSED) return finish(hear.closed)
    if (error !== 0) return finish((failed) => hear.failed(failed, errorName(error)))
    const { state, retransmits } = sockets.tcpInfo(fd)
    // No error and no connection: connect(2) itself was refused, and nothing was sent.
    if (state === CLOSE) return finish((failed) => hear.failed(failed, sockets.lastError()))
    if (state === SYN_SENT || state === SYN_RECV) {
      if (retransmits >= 1) finish(hear.silent)
      return
    }
    if (!sockets.isItself(fd)) return finish(hear.open, sockets.reset)
    // While this one is held, its port is taken, and the next one gets another.
    hear.metItself(port)
    metItself = fd
    ask(port)
  }

  const finish = (tell: (port: number) => void, end = sockets.close) => {
    // What failed is told before the calls below can fail.
    tell(port)
    close(end)
    hear.idle()
  }

  const close = (end = sockets.close) => {
    if (fd >= 0) end(fd)
    if (metItself >= 0) sockets.reset(metItself)
    fd = -1
    metItself = -1
  }

  return { seesSilence: true, ask, look, askAgain() {}, giveUp: () => finish(hear.silent), close: () => close() }
}
