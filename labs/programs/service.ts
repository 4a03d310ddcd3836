/**
 * service: a small web, FTP or mail server. It says the first words of its protocol, and okay to all that it is told.
 * By hand: npm run program service 127.0.0.1 8080 ftp
 * Kinds: ftp, mail, web. On Enter it tells which clients it had, and what they said.
 */

import { createServer } from 'node:net'
import { createInterface } from 'node:readline'

import { asked, host, port, say } from '../../harness/program.ts'

const kind = asked('ftp') ? 'ftp' : asked('mail') ? 'mail' : 'web'
process.title = `${kind}-server`

/** FTP (RFC 959) and SMTP (RFC 5321) servers speak first; a web server waits until it is asked (RFC 9112). */
const WORDS = {
  ftp: { first: `220 FTP server, process ${process.pid}\r\n`, answer: '200 OK\r\n' },
  mail: { first: `220 localhost ESMTP server, process ${process.pid}\r\n`, answer: '250 OK\r\n' },
  web: { first: '', answer: `HTTP/1.0 200 OK\r\n\r\nweb server, process ${process.pid}\r\n` },
}[kind]

const visits: { client: { address: string; port: number }; said: string[] }[] = []

const server = createServer((client) => {
  say.accepted(client)
  const said: string[] = []
  visits.push({ client: { address: client.remoteAddress ?? '', port: client.remotePort ?? 0 }, said })
  client.write(WORDS.first)
  createInterface({ input: client }).on('line', (line) => {
    said.push(line)
    client.write(WORDS.answer)
  })
  client.on('error', () => client.destroy()) // a client may leave without a word
})
server.on('error', say.refused)
server.listen({ host, port }, () => {
  say.listening(server)
  process.stdin.on('data', () => say.saw('visits', visits))
})
