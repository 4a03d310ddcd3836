/**
 * sender: sends as many numbered messages of 300 bytes as it is told, each in a packet of its own.
 * By hand: npm run program sender 127.0.0.1 8080   (then type: tcp 20, or udp 20)
 * Over TCP it then tells what comes first: that this machine has sent a TCP segment again, or the server's answer.
 */

import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { host, port, say } from '../../harness/program.ts'

process.title = 'sender'

const messages = (count: number) =>
  Array.from({ length: count }, (_, index) => `${index + 1}/${count} `.padEnd(299, '.') + '\n')

/** RetransSegs of RFC 1213: TCP segments that the kernel has sent again, over all connections. */
function sentAgain(): number {
  const [names = '', numbers = ''] = readFileSync('/proc/net/snmp', 'latin1').match(/^Tcp: .*$/gm) ?? []
  return Number(numbers.split(' ')[names.split(' ').indexOf('RetransSegs')])
}

function sendOverTcp(count: number): void {
  const before = sentAgain()
  const watch = setInterval(() => sentAgain() > before && tell('sent again'), 10)
  const tell = (news: string) => {
    clearInterval(watch)
    socket.removeAllListeners('data')
    say.saw('news', news)
  }
  socket.once('data', () => tell('answered'))
  let written = 0
  for (const message of messages(count)) socket.write(message, () => ++written === count && say.saw('sent', count))
}

async function sendOverUdp(count: number): Promise<void> {
  const send = (message: string) =>
    new Promise<string | null>((resolve) => datagrams.send(message, port, host, (error) => resolve(error && 'error')))
  const errors = await Promise.all(messages(count).map(send))
  say.saw('sent over UDP', { messages: count, errors: errors.filter(Boolean).length })
}

const datagrams = createSocket('udp4').unref()
const socket = createConnection({ host, port, noDelay: true }, () => say.connected(socket))
socket.on('error', say.refused)
socket.resume()
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [protocol, count] = line.split(' ')
    if (protocol === 'udp') void sendOverUdp(Number(count))
    else sendOverTcp(Number(count))
  })
  .on('close', () => process.exit())
