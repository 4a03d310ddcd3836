/** What is explained of a listing: what occurs in it, each thing once, in two sentences at most. */

import { describe, expect, test } from 'vitest'

import type { ListingView, Topic } from '../../harness/domain/ports-view.ts'
import { TOPICS } from '../../harness/domain/ports-view.ts'
import { isOfForm, topicInWords } from '../../harness/words/ports-topics.en.ts'
import {
  ALL,
  BSD_NETSTAT,
  FSTAT,
  LSOF,
  LSOF_FIELDS,
  NETSTAT,
  NMAP,
  OLD_SS,
  PROC,
  SOCKSTAT,
  SS,
  SS_DEVICES,
  viewOf,
  viewsOf,
  WINDOWS_NETSTAT,
} from './listings.ts'

const topics = (view: ListingView) => view.explained.map(({ topic }) => topic)
const ofForm = (text: string) => topics(viewOf(text)).filter(isOfForm)
const ofRows = (text: string) => topics(viewOf(text)).filter((topic) => !isOfForm(topic))
const says = (text: string, topic: Topic) => {
  const found = viewOf(text).explained.find((one) => one.topic === topic)
  return found ? topicInWords(topic, found.examples) : null
}

const views = ALL.flatMap((text) => viewsOf(text))

test('each thing that can be explained occurs in some listing', () => {
  const met = new Set(views.flatMap(topics))
  expect(TOPICS.filter((topic) => !met.has(topic))).toEqual([])
})

test('nothing is explained twice, nor at more length than two sentences', () => {
  for (const view of views) {
    expect(new Set(topics(view)).size).toBe(view.explained.length)
    for (const { topic, examples } of view.explained) {
      const words = topicInWords(topic, examples)
      expect(words.split(/[.?](?= [A-Z]|$)/).filter((one) => one.trim() !== '').length, words).toBeLessThanOrEqual(2)
      expect(words).not.toMatch(/[!—]|undefined|\(\)|^: |  /)
      expect(words).toMatch(/\.$/)
    }
  }
})

describe('the lines of each form, and no other form, are explained', () => {
  test.each([
    ['lsof', LSOF, ['lsof-line', 'lsof-listen', 'lsof-udp', 'lsof-arrow', 'lsof-star']],
    ['lsof -F', LSOF_FIELDS, ['lsof-listen', 'lsof-star', 'lsof-fields']],
    ['ss', SS, ['ss-line', 'ss-listen', 'ss-unconn', 'ss-connected', 'ss-wildcards', 'ss-users']],
    ['ss of old', OLD_SS, ['ss-line', 'ss-listen', 'ss-old-wildcards']],
    ['netstat', NETSTAT, ['netstat-line', 'netstat-udp', 'netstat-process', 'netstat-dash', 'netstat-ipv6-wildcard']],
    ['netstat of a BSD', BSD_NETSTAT, ['netstat-udp', 'netstat-bsd-line', 'netstat-bsd-family']],
    ['netstat of Windows', WINDOWS_NETSTAT, ['netstat-windows-line', 'netstat-windows-udp']],
    ['fstat', FSTAT, ['fstat-line', 'fstat-arrow']],
    ['sockstat', SOCKSTAT, ['sockstat-line']],
    ["the kernel's tables", PROC, ['proc-line', 'proc-state']],
    [
      'nmap',
      NMAP,
      [
        'nmap-open',
        'nmap-closed',
        'nmap-filtered',
        'nmap-unfiltered',
        'nmap-service',
        'nmap-not-shown',
        'nmap-one-address',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(ofForm(text)).toEqual(expected)
  })
})

test('what rows mean is explained where they are', () => {
  expect(ofRows(LSOF)).toEqual(['udp-has-no-listen', 'wildcard', 'multicast', 'connection', 'names-for-addresses'])
  expect(ofRows(SS)).toEqual([
    'udp-has-no-listen',
    'wildcard',
    'dual-stack',
    'several-sockets',
    'connection',
    'closing',
    'perhaps-client',
  ])
})

test('examples are spelt as in the listing', () => {
  expect(says(NETSTAT, 'netstat-ipv6-wildcard')).toContain(':::80')
  expect(says(BSD_NETSTAT, 'netstat-bsd-line')).toContain('*.22')
  expect(says(PROC, 'proc-line')).toContain('0100007F:1F90 is 127.0.0.1:8080')
  expect(says(SS, 'ss-wildcards')).toContain('0.0.0.0:3000 and *:9229')
  expect(says(OLD_SS, 'ss-old-wildcards')).toContain(':::80')
})

test('a long name is not taken for a cut one', () => {
  expect(ofForm(LSOF.replaceAll('avahi  ', 'avahi-dae'))).toContain('lsof-command-cut')
  expect(ofForm(LSOF.replaceAll('avahi ', 'avahi-daemon ').replaceAll('nodejs ', 'avahi-dae '))).not.toContain(
    'lsof-command-cut',
  )
})

test('a scan with -sV has asked the programs', () => {
  expect(ofForm(`$ nmap -sV 192.0.2.20\n${NMAP}`)).not.toContain('nmap-service')
})

test('a socket on the loopback device is not said to be out of reach of loopback, nor within reach of neighbours', () => {
  expect(says(SS_DEVICES, 'device')).toContain('TCP 9001 (node): bound to one network device')
  expect(says(SS_DEVICES, 'loopback-device')).toContain('TCP 9000 (node): bound to the loopback device')
  const onLoopback = SS_DEVICES.split('\n').filter((line) => !line.includes('eth0'))
  expect(says(onLoopback.join('\n'), 'device')).toBe(null)
  expect(says(onLoopback.join('\n'), 'link-local')).toBe(null)
})
