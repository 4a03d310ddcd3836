/**
 * sender: sends as many numbered messages of 300 bytes as it is told, each in a packet of its own.
 * By hand: npm run program sender 127.0.0.1 8080   (then type: tcp 20, or udp 20)
 * Over TCP it tells what comes first: that the kernel has sent a segment again, or the server's answer.
 */

import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'sender'

/** RetransSegs of RFC 1213, the twelfth counter: TCP segments that this network has sent again. */
const sentAgain = () => /^Tcp: (?:-?\d+ ){11}(\d+)/m.exec(readFileSync('/proc/net/snmp', 'latin1'))?.[1]

function sendOverTcp(messages: string[]): void {
  const before = sentAgain()
  const tell = (news: string) => {
    clearInterval(watch)
    say.saw('news', news)
  }
  const watch = setInterval(() => sentAgain() !== before && tell('sent again'), 10)
  socket.once('data', (answer) => {
    tell('answered')
    say.saw('answer', String(answer).trim())
  })
  for (const message of messages) socket.write(message)
}

async function sendOverUdp(messages: string[]): Promise<void> {
  const send = (message: string) => new Promise((resolve) => datagrams.send(message, port, host, resolve))
  const errors = (await Promise.all(messages.map(send))).filter(Boolean)
  say.saw('sent over UDP', { messages: messages.length, errors: errors.length })
}

const datagrams = createSocket('udp4')
const socket = createConnection({ host, port, noDelay: true }, () => say.connected(socket))
socket.on('error', say.refused)
const lines = createInterface({ input: process.stdin }).on('close', () => process.exit())
for await (const line of lines) {
  const count = Number(line.slice(4))
  const messages = Array.from({ length: count }, (_, index) => `${index + 1}/${count} `.padEnd(299, '.') + '\n')
  if (line.startsWith('tcp')) sendOverTcp(messages)
  else await sendOverUdp(messages)
}
