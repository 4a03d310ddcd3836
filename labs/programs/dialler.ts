/**
 * dialler: dials each TCP server whose address and port are typed, and tells what came of it and what the server said.
 * By hand: npm run program dialler   (then type: 127.0.0.1 8080, or 127.0.0.1 8080 20 to dial twenty times)
 */

import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'

import { say } from '../../harness/program.ts'

process.title = 'dialler'

type Answer = { outcome: string; heard: string }

const dial = (address: string, port: number) =>
  new Promise<Answer>((resolve) => {
    let heard = ''
    const socket = createConnection({ host: address, port, autoSelectFamily: false })
    socket.setEncoding('utf8').on('data', (piece: string) => (heard += piece))
    socket.on('end', () => resolve({ outcome: 'connected', heard: heard.trimEnd() }))
    socket.on('error', (error: NodeJS.ErrnoException) => resolve({ outcome: error.code ?? 'error', heard: '' }))
  })

say.running()
for await (const line of createInterface({ input: process.stdin })) {
  const [address = '', port = '', times = '1'] = line.trim().split(' ')
  const answers: Answer[] = []
  for (let i = 0; i < Number(times); i++) answers.push(await dial(address, Number(port)))
  const connected = answers.filter(({ outcome }) => outcome === 'connected').length
  say.saw('dialled', { address, port: Number(port), ...answers.at(-1), connected })
}
