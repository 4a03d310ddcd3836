/** The kernel's own lists of addresses, as it prints them. */

import { describe, expect, test } from 'vitest'

import { readInterfaces, readTrie } from '../../harness/host/local-addresses.ts'

const TRIE = `Main:
  +-- 0.0.0.0/1 2 0 2
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.7
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.0
           /8 host LOCAL
        |-- 127.0.0.1
           /32 host LOCAL
Local:
        |-- 192.0.2.7
           /32 host LOCAL
`

describe('the routing tables', () => {
  test('tell which addresses are our own, and which are broadcast', () => {
    expect(readTrie(TRIE)).toEqual({ local: ['192.0.2.7', '127.0.0.1'], broadcast: ['192.0.2.255'] })
    expect(readTrie('')).toEqual({ local: [], broadcast: [] })
  })

  test('of IPv6 write all 32 digits', () => {
    const text = `20010db8000000000000000000000001 02 40 00 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
`
    expect(readInterfaces(text)).toEqual(['2001:db8::1', '::1'])
  })
})
