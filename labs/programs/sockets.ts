/**
 * sockets: opens a socket for each line such as `a tcp :: 8080 reusePort bound` or `b udp ::1 8080`, until `a close`.
 * By hand: npm run program sockets
 */

import { createSocket } from 'node:dgram'
import * as net from 'node:net'
import { createInterface } from 'node:readline'

import { say } from '../../harness/program.ts'

process.title = 'sockets'
const sockets = new Map<string, { close(): unknown }>()

function openSocket(name: string, [protocol, host = '', port, ...words]: string[]): { close(): unknown } {
  const has = (word: string) => words.includes(word)
  const at = { host, port: Number(port), ipv6Only: has('ipv6Only'), reusePort: has('reusePort') }
  if (protocol === 'udp') {
    const socket = createSocket({ ...at, type: net.isIPv6(host) ? 'udp6' : 'udp4', reuseAddr: has('reuseAddr') })
    socket.on('error', say.refused).on('message', (message, sender) => {
      say.received(message, sender, name)
      socket.send(`socket ${name}, process ${process.pid}\n`, sender.port, sender.address, () => {})
    })
    return socket.bind({ address: host, port: at.port }, () => say.bound(socket, at.port))
  }
  const bound = has('bound') && new net.BoundSocket(at)
  if (bound) say.boundOnly(bound.address(), at.port)
  if (bound) return bound
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    say.accepted(client, name)
    client.on('error', () => client.destroy()).on('close', () => say.saw('left', name))
    // After a reset nothing is left on the port, not even TIME-WAIT: what comes next meets it as it was.
    client.on('end', () => client.resetAndDestroy()).resume()
    client.write(`socket ${name}, process ${process.pid}\n`)
  })
  return server.on('error', say.refused).listen(at, () => say.listening(server))
}

say.running()
createInterface({ input: process.stdin }).on('line', (line) => {
  const [name = '', ...words] = line.trim().split(/\s+/)
  try {
    if (words[0] !== 'close') return void sockets.set(name, openSocket(name, words))
    sockets.get(name)?.close()
    say.saw('closed', name)
  } catch (error) {
    say.refused(error)
  }
})
