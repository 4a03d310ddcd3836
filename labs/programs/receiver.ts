/**
 * receiver: binds the UDP address and port that it is told, answers every datagram, and stays until it is ended.
 * By hand: npm run program receiver 127.0.0.1 8080
 * Further words: silent (it answers nothing), ipv6Only (IPV6_V6ONLY, for an IPv6 address), reuseAddr (SO_REUSEADDR),
 * reusePort (SO_REUSEPORT).
 */

import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

import { asked, greeting, host, port, say } from '../../harness/program.ts'

process.title = 'receiver'

const [ipv6Only, reuseAddr, reusePort] = [asked('ipv6Only'), asked('reuseAddr'), asked('reusePort')]
const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', ipv6Only, reuseAddr, reusePort })
socket.on('error', say.refused)
socket.on('message', (message, sender) => {
  say.received(message, sender)
  if (!asked('silent')) socket.send(greeting(), sender.port, sender.address)
})
socket.bind({ address: host, port }, () => say.bound(socket))
