import { describe, expect, it } from 'vitest'

import type { Step, StepKind } from '../../harness/domain/evidence.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { aligned, stepText } from '../../harness/report/step-text.ts'
import { HOSTILE, plainLayout, steps } from './stream.ts'

const numbered = (kind: StepKind): Step => ({ number: 12, atMs: 0, tookMs: 1, ...kind })

describe('a step', () => {
  it('has its number, its command, and what was seen', () => {
    expect(steps().map((step) => stepText(plainLayout(), step))).toEqual([
      '  1  $ npm run program server1 8080\n     process 7 listens on TCP 127.0.0.1:8080\n',
      '  2  $ nc -v 127.0.0.1 8080\n     refused: ECONNREFUSED\n',
      '  3  $ lsof -nP -i :8080\n     COMMAND PID USER\n     server1   7 root\n',
    ])
  })

  it('has no command where nothing is typed', () => {
    const saw = { program: 'server1', pid: 7, exitCode: 0, signal: null }
    expect(stepText(plainLayout(), numbered({ kind: 'ended', program: 'server1', pid: 7, saw }))).toBe(
      ' 12  server1 (process 7) ended by itself, with exit code 0\n',
    )
  })

  it('shows long lines that a program told below its sentence', () => {
    const value = ['IP 127.0.0.1.40001 > 127.0.0.1.8080: Flags [S]', 'ARP']
    const saw = { program: 'capture.py', pid: 7, what: 'packets', value }
    expect(stepText(plainLayout(), numbered({ kind: 'said', program: 'capture.py', pid: 7, line: null, saw }))).toBe(
      ` 12  capture.py (process 7) tells packets: 2 lines\n     ${value[0]}\n     ARP\n`,
    )
  })

  it('paints the command only', () => {
    const [first] = steps()
    const text = stepText(createLayout({ columns: 80, color: true }), first)
    expect(text).toBe(
      '  1  \u001b[32m$ npm run program server1 8080\u001b[39m\n     process 7 listens on TCP 127.0.0.1:8080\n',
    )
  })

  it('lets no tool and no program act on the terminal', () => {
    const [, , list] = steps()
    const text = stepText(plainLayout(), { ...list, saw: { ...list.saw, command: HOSTILE, printed: [HOSTILE] } })
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
  })
})

describe('a printed table', () => {
  it('is as narrow as its columns allow, and they still stand in line (ss)', () => {
    expect(
      aligned([
        'Netid State     Recv-Q Send-Q      Local Address:Port       Peer Address:Port Process',
        'tcp   LISTEN    0      511                     *:8080                  *:*     users:(("server7",pid=28541,fd=21))',
        'tcp   TIME-WAIT 0      0      [::ffff:127.0.0.1]:8080 [::ffff:127.0.0.1]:52968',
      ]),
    ).toEqual([
      'Netid State     Recv-Q Send-Q      Local Address:Port       Peer Address:Port Process',
      'tcp   LISTEN    0      511                     *:8080                  *:*     users:(("server7",pid=28541,fd=21))',
      'tcp   TIME-WAIT 0      0      [::ffff:127.0.0.1]:8080 [::ffff:127.0.0.1]:52968',
    ])
  })

  it('keeps a header of two words together (netstat)', () => {
    expect(
      aligned([
        'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name',
        'tcp6       0      0 :::8080                 :::*                    LISTEN      28541/server7',
      ]),
    ).toEqual([
      'Proto Recv-Q Send-Q Local Address Foreign Address State  PID/Program name',
      'tcp6       0      0 :::8080       :::*            LISTEN 28541/server7',
    ])
  })

  it('keeps numbers to the right (lsof)', () => {
    expect(
      aligned([
        'COMMAND   PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME',
        'server6   571 root   21u  IPv4 134877      0t0  TCP *:8080 (LISTEN)',
        'server8 27606 root   21u  IPv6 134960      0t0  TCP *:8080 (LISTEN)',
      ]),
    ).toEqual([
      'COMMAND   PID USER FD  TYPE DEVICE SIZE/OFF NODE NAME',
      'server6   571 root 21u IPv4 134877      0t0  TCP *:8080 (LISTEN)',
      'server8 27606 root 21u IPv6 134960      0t0  TCP *:8080 (LISTEN)',
    ])
  })

  it('loses blanks on its left, and never a word', () => {
    expect(aligned(['   a   b', '  aa'])).toEqual([' a b', 'aa'])
    expect(aligned(['a b c', 'a b c'])).toEqual(['a b c', 'a b c'])
    expect(aligned(['', ''])).toEqual(['', ''])
    expect(aligned([])).toEqual([])
    expect(aligned(['a\tb\nc'])).toEqual(['a b\\nc'])
  })
})
