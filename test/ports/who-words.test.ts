/** What is said of a port's holders and of what to do: what is true of the sockets that are there, and nothing else. */

import { describe, expect, test } from 'vitest'

import type { Who, WhoProcess, WhoSocket } from '../../harness/domain/ports-who.ts'
import { inUseAdvice, portInWords, socketInWords } from '../../harness/words/ports-who.en.ts'

const SOCKET: WhoSocket = {
  protocol: 'tcp',
  family: 'IPv4',
  address: '0.0.0.0',
  device: null,
  peer: null,
  state: 'LISTEN',
  takesIPv4: null,
  pids: [10],
  owner: 'root',
  waiting: 6,
  backlog: 5,
}

function processOf(pid: number, parent: number, unit: WhoProcess['unit'] = null): WhoProcess {
  const facts = { command: 'httpd', commandLine: ['httpd'], user: 'root', startedAt: null, isFileGone: false }
  return { ...facts, pid, parent, unit }
}

function advice(processes: WhoProcess[], socket: Partial<WhoSocket> = {}, isSuperuser = true): string {
  const rules = {
    isSuperuser,
    isUserNamespace: false,
    unprivilegedPortStart: 1024,
    ephemeralRange: null,
    isReserved: false,
    hasIPv6: true,
    seesBoundOnly: true,
  }
  const who: Who = {
    port: 80,
    format: 'sock-diag',
    usualNames: {},
    sockets: [{ ...SOCKET, ...socket }],
    processes,
    connections: [],
    timeWait: { count: 0, longestMs: null },
    elsewhere: [],
    rules,
  }
  return inUseAdvice(who).join('\n')
}

test('the backlog is told as such: one connection more than that may wait', () => {
  expect(socketInWords(SOCKET, 80)).toContain('6 connections wait to be accepted; the backlog is 5.')
})

test('a name that both protocols have for the number is told once', () => {
  expect(portInWords(53, { tcp: 'domain', udp: 'domain' })).toBe('Port 53, by its number usually domain')
  expect(portInWords(514, { tcp: 'shell', udp: 'syslog' })).toContain('shell over TCP, syslog over UDP')
})

describe('how the holders are asked to end', () => {
  test('a program alone', () => {
    expect(advice([processOf(10, 1)])).toContain('Ask the process to end: kill 10.')
  })

  test('the process that started the workers, and not each worker', () => {
    expect(advice([processOf(10, 1), processOf(11, 10), processOf(12, 10)])).toContain('started the others: kill 10.')
  })

  test('programs that have nothing to do with each other', () => {
    expect(advice([processOf(10, 1), processOf(20, 1)])).toContain('Ask the processes to end: kill 10 20.')
  })

  test('a service by systemd', () => {
    const told = advice([processOf(10, 1, { name: 'httpd.service', isOfUser: false })], {}, false)
    expect(told).toContain('sudo systemctl stop httpd.service')
    expect(told).not.toContain('kill 10')
  })

  test('nobody is asked where no program is seen', () => {
    expect(advice([], { pids: [] }, false)).not.toContain('kill')
  })
})

test('what is said of TCP listeners is not said of UDP sockets', () => {
  const told = advice([processOf(10, 1)], { protocol: 'udp', state: null, waiting: null, backlog: null })
  expect(told).toContain('socket.bind(0)')
  expect(told).not.toMatch(/listen|SO_REUSEADDR/)
})
