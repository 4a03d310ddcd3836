/** The doctor's words on a screen: narrow ones too. */

import { expect, test } from 'vitest'

import type { DoctorReport } from '../../harness/domain/forecast.ts'
import { doctorMarkdown } from '../../harness/report/doctor-markdown.ts'
import { doctorText } from '../../harness/report/doctor-text.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { aMachine } from '../verify/a-machine.ts'

const REPORT: DoctorReport = {
  machine: aMachine({
    settings: [
      { name: 'net.ipv6.bindv6only', value: '1', usual: '0' },
      { name: 'net.core.somaxconn', value: '4096', usual: '4096' },
      { name: 'kernel.unprivileged_userns_clone', value: null, usual: '1' },
    ],
    tools: [
      { name: 'lsof', version: '4.95.0', why: null },
      { name: 'nmap', version: null, why: 'not installed' },
      { name: 'ss', version: null, why: 'ss -V is answered by BusyBox v1.36.1' },
    ],
  }),
  forecast: {
    labs: [
      {
        lab: '18-outside-view',
        checks: 5,
        defect: null,
        unsourced: 0,
        skips: [{ capability: 'nmap', why: 'nmap: ENOENT', acts: [], checks: ['a', 'b'] }],
        unsure: [{ capability: 'ipv6-loopback', why: 'no ::1', acts: [], checks: ['c'] }],
      },
      { lab: '31-broken', checks: 0, defect: 'lab.ts is missing', unsourced: 0, skips: [], unsure: [] },
    ],
    settings: [],
    filter: {
      why: null,
      rules: [{ hook: 'input', text: 'tcp dport 8080 drop', shownBy: 'nft list ruleset' }],
      unreached: [],
    },
    remedies: [{ do: 'install', tools: ['nmap'], command: 'sudo apt install nmap', labs: ['18-outside-view'] }],
  },
  names: { host: 'here', user: null, addresses: ['192.0.2.7'] },
}

const told = (columns: number) => [...doctorText(createLayout({ columns, color: false }), REPORT)].join('')

test('at 80 columns', () => {
  expect(told(80)).toMatchInlineSnapshot(`
    "Names
      The host is called here.
      The user has no name.
      Its addresses are 192.0.2.7.

    System
      Debian GNU/Linux 12 (bookworm), Linux 6.1.0 on x64, 2 cores.
      No container, no WSL and no namespace was recognised around this process.
      A process may open 1024 files, and may raise that to 4096.

    Runtime
      Node 26.10.0 (brought along), libuv 1.52.1.

    Loopback
      lo is up, with 127.0.0.1 and ::1.
      IPv4        yes: it was tried.
      IPv6        yes: it was tried.
      dual-stack  yes: it was tried.
      127.0.0.2   yes: it was tried.
      nft list ruleset shows for input: tcp dport 8080 drop

    Settings
      Marked with * is what is not usual.
         setting              here  usual
      *  net.ipv6.bindv6only  1     0
         net.core.somaxconn   4096  4096

    Tools
      lsof 4.95.0.
      Not installed: nmap.
      ss is there, and is not what is needed: ss -V is answered by BusyBox v1.36.1.

    Rights
      ports below 1024  yes: it was tried.
      user namespaces   yes: it was tried.
      packet filter     yes: it was tried.
      another user      yes: it was tried.

    Labs
      0 of 2 labs will run whole. Of 5 checks 2 will be skipped, and of 1 that shows
      only when they run.
      31-broken cannot be loaded: lab.ts is missing.
      A rule of the packet filter may keep back what labs send: checks may fail.
      Acts with a network of their own are not concerned.
      nmap           nmap: ENOENT. Skipped: 18-outside-view (2 of 5).
      ipv6-loopback  no ::1. Whether it is so in the network in which they run shows
                     only then: 18-outside-view (1 of 5).

    To get the rest
      Install nmap, for 18-outside-view:
        sudo apt install nmap
    "
  `)
})

test('at 20 columns no line is wider but a word of a command', () => {
  const wide = told(20)
    .split('\n')
    .filter((line) => line.length > 20)
  expect(wide).toEqual([])
  expect(told(20)).toContain('    sudo apt \\\n    install nmap\n')
})

test('as Markdown', () => {
  const markdown = [...doctorMarkdown(REPORT)].join('')
  expect(markdown).toContain('| \\* | net.ipv6.bindv6only | 1 | 0 |')
  expect(markdown).toContain('```console\n$ sudo apt install nmap\n```')
  expect(markdown).toContain('- **nmap**: nmap: ENOENT. Skipped: 18-outside-view (2 of 5).')
})
