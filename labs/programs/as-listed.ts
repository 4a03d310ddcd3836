/**
 * as-listed: opens every socket that the listing of lab 16 shows, and greets the clients. In that listing * stands for
 * every address of one IP version. It tells of each socket that it could not have, and goes on.
 * By hand: npm run program as-listed   (in a network of its own, where all these ports are free)
 */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

import { greet, say } from '../../harness/program.ts'

process.title = 'as-listed'

const listing = readFileSync(new URL('../16-inside-view/fstat.txt', import.meta.url), 'utf8')
const lines = listing.matchAll(/internet(6?) \w+ (tcp|udp) \w+ \[?(\S+?)\]?:([1-9]\d*)$/gm)
// Several processes may have one socket, which then has a line for each. It is opened once.
const sockets = new Map([...lines].map((line) => [line[0].replace(/ \w+ (?=\S+$)/, ' '), line]))

async function open([, six, protocol, text = '', port = '']: RegExpMatchArray): Promise<void> {
  const address = text === '*' ? (six ? '::' : '0.0.0.0') : text
  const ipv6Only = address === '::' // as NetBSD has it: an IPv6 socket takes no IPv4
  if (protocol === 'udp') {
    const socket = createSocket({ type: six ? 'udp6' : 'udp4', reuseAddr: true, ipv6Only })
    await once(socket.bind({ address, port: Number(port) }), 'listening')
  } else {
    const server = createServer((client) => {
      say.accepted(client)
      greet(client)
    })
    await once(server.listen({ host: address, port: Number(port), ipv6Only }), 'listening')
  }
}

for (const line of sockets.values()) {
  try {
    await open(line)
  } catch (error) {
    say.saw('refused', `${line[3]} port ${line[4]}, ${line[2]}: ${(error as NodeJS.ErrnoException).code}`)
  }
}
say.running()
