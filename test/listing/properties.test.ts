/**
 * What a tool prints of sockets made up at random is read back as those sockets. The printers are the tests' own, after
 * the sources of the tools. SEED repeats a run, RUNS makes it longer or shorter.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readListings } from '../../harness/listing/recognise.ts'
import { toldHost, toldRow } from './corpus/told.ts'
import { PRINTERS } from './printers/all.ts'
import { facts, manyFacts } from './printers/facts.ts'
import { hosts, manyHosts, NMAP } from './printers/nmap.ts'

const { RUNS = '100', SEED = '1' } = process.env
const params = { numRuns: Number(RUNS), seed: Number(SEED) }

describe(`printed and read back (RUNS=${RUNS} SEED=${SEED})`, () => {
  it.each(PRINTERS)('$name', ({ format, print }) => {
    fc.assert(
      fc.property(facts, (given) => {
        const { text, rows } = print(given)
        fc.pre(rows.length > 0)
        const read = readListings(text)
        expect(read.unread).toEqual([])
        expect(read.listings.map((listing) => listing.format)).toEqual([format])
        expect(read.listings.flatMap(({ unread }) => unread)).toEqual([])
        expect(read.listings[0]?.rows.map(toldRow)).toEqual(rows.map(toldRow))
        expect(read.listings[0]?.rows).toEqual(rows)
      }),
      params,
    )
  })

  it.each(NMAP)('$name', ({ print }) => {
    fc.assert(
      fc.property(hosts, (given) => {
        const printed = print(given)
        const read = readListings(printed.text)
        expect(read.unread).toEqual([])
        expect(read.listings).toHaveLength(1)
        expect(read.listings.flatMap(({ unread }) => unread)).toEqual([])
        expect(read.listings[0]?.hosts.flatMap(toldHost)).toEqual(printed.hosts.flatMap(toldHost))
        expect(read.listings[0]?.hosts).toEqual(printed.hosts)
      }),
      params,
    )
  })
})

describe('ten thousand rows', () => {
  const given = manyFacts(10_000)
  const firstOfEachFormat = PRINTERS.filter(
    ({ format }, index) => PRINTERS.findIndex((one) => one.format === format) === index,
  )

  it.each(firstOfEachFormat)('$name', ({ print }) => {
    const { text, rows } = print(given)
    const read = readListings(text)
    expect(read.listings).toHaveLength(1)
    expect(read.listings[0]?.unread).toEqual([])
    expect(read.listings[0]?.rows).toHaveLength(rows.length)
    const wrong = read.listings[0]?.rows.filter((row, index) => toldRow(row) !== toldRow(rows[index] ?? row))
    expect(wrong?.slice(0, 3)).toEqual([])
  })

  it.each(NMAP)('of ports in $name', ({ print }) => {
    const { text, hosts: printed } = print(manyHosts(3000))
    const read = readListings(text)
    expect(read.listings).toHaveLength(1)
    expect(read.listings[0]?.unread).toEqual([])
    expect(printed.flatMap(({ ports }) => ports).length).toBeGreaterThanOrEqual(10_000)
    expect(read.listings[0]?.hosts.flatMap(toldHost)).toEqual(printed.flatMap(toldHost))
  })
})
