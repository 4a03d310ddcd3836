/** `docs/claims.md` is made from the recorded runs, and says the same however often it is made. */

import { describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { claimProblems } from '../../harness/catalog/claim-problems.ts'
import type { Catalogue, Claims, LabFiles } from '../../harness/catalog/read.ts'
import { byDocument, claimsPage } from '../../harness/cli/docs-claims.ts'
import { makePages } from '../../harness/cli/docs-pages.ts'
import { ledgerOf } from '../../harness/domain/ledger.ts'
import { check as result, host } from '../report/stream.ts'
import { check, loadedLab } from '../run/lab.ts'

const LEDGER: Claims = {
  X1: { document: 'cafe', says: 'a *client* | is connected', kind: 'test' },
  X2: { document: 'cafe', says: 'a client is refused', kind: 'test' },
  X3: { document: 'harbour', says: 'a port is a number', kind: 'define', explainedIn: '77-test' },
}
const DOCUMENTS = { cafe: { title: 'Which port?', language: 'ru' }, harbour: { title: 'A harbour', language: 'ja' } }

const BOTH = { X1: 'connected', X2: 'ECONNREFUSED' }

describe('the page', () => {
  const claims = [
    { claim: 'X1', document: 'cafe', says: '', holds: true },
    { claim: 'X2', document: 'cafe', says: '', holds: false },
  ]
  const seen = 'It was connected. It_was_so.'
  const rows = ledgerOf(LEDGER, [loadedLab()], [result({ id: 'a-check', lab: '77-test', claims, seen })])
  const page = claimsPage(byDocument(rows, DOCUMENTS), [host, host])

  test('has a table for each document, with a word on what it is', () => {
    expect(page).toContain('## cafe\n\nWhich port? It is written in Russian.\n\n| Claim |')
    expect(page).toContain('## harbour\n\nA harbour. It is written in Japanese.\n\n| Claim |')
    expect(page).toContain('Of 3 claims 1 holds, 1 does not hold and 1 is a definition.')
    expect(page.match(/Recorded on Linux/g)).toHaveLength(1)
  })

  test('has for each claim its answer, the evidence and a link to the check, all as plain text', () => {
    const link = '[a-check](../labs/77-test/README.md#a-check)'
    expect(page).toContain(`| X1 | a \\*client\\* \\| is connected | holds | It was connected. It_was_so. | ${link} |`)
    expect(page).toContain(`| X2 | a client is refused | does not hold | It was connected. It_was_so. | ${link} |`)
    expect(page).toContain(
      '| X3 | a port is a number | is a definition | explained in [77-test](../labs/77-test/README.md) |  |',
    )
  })

  test('says what may change, and tells first of the check that decides', () => {
    const asked = loadedLab({
      'a-check': check({ claims: BOTH }),
      'b-check': check({ claims: { X1: 'connected' } }),
      'c-check': check({ claims: { X2: 'ECONNREFUSED' } }),
    })
    const X1 = { ...LEDGER['X1'], decidedBy: ['b-check'] } as Claims[string]
    const second = [{ claim: 'X1', document: 'cafe', says: '', holds: true }]
    const both = [
      result({ id: 'a-check', lab: '77-test', claims, seen }),
      result({ id: 'b-check', lab: '77-test', claims: second, seen: 'This decides it.' }),
      result({ id: 'c-check', lab: '77-test', verdict: 'skip', observed: null, seen: 'no ss' }),
    ]
    const written = claimsPage(byDocument(ledgerOf({ ...LEDGER, X1 }, [asked], both), DOCUMENTS), [host])
    expect(written).toMatch(/\| This decides it\. \| \[b-check\]\S*<br>\[a-check\]/)
    expect(written).toContain(
      '| does not hold | It was connected. It_was_so. This may change: 1 check is open (skipped for want of no ss).',
    )
    expect(written).toContain('1 answer is open because of skips: 1 may change.')
  })

  test('tells of one document where one is asked for', () => {
    expect(byDocument(rows, DOCUMENTS, 'harbour').map(({ name }) => name)).toEqual(['harbour'])
  })

  test('is the same when it is made again, and every check that it links to has a mark on the page of its lab', async () => {
    const [first, second] = [await makePages(OWN_LABS), await makePages(OWN_LABS)]
    const ledger = first.pages.find(({ file }) => file.endsWith('docs/claims.md'))
    expect(ledger?.wanted).toBe(second.pages.find(({ file }) => file === ledger?.file)?.wanted)
    const links = [...(ledger?.wanted ?? '').matchAll(/\]\(\.\.\/labs\/([^/]+)\/README\.md#([a-z0-9-]+)\)/g)]
    expect(links.length).toBeGreaterThan(30)
    for (const [, id = '', check_ = ''] of links) {
      expect(first.pages.find(({ lab }) => lab === id)?.wanted, `${id} ${check_}`).toContain(`<a id="${check_}"></a>`)
    }
  })
})

describe('between the ledger and the labs lab:check finds', () => {
  const module = (value: unknown) => ({ file: 'lab.ts', text: '', value, problem: null })
  const labFiles = (id: string, checks: object): LabFiles => {
    return { id, folder: id, lab: module({ acts: { only: { checks } } }), narration: module({}) }
  }
  const text = 'export const claims = {\n  X1: a,\n  X2: b,\n  X3: c,\n}\n'
  const catalogue = (claims: Claims, labs: LabFiles[], folder = OWN_LABS): Catalogue => {
    const ledger = { claims, documents: DOCUMENTS, file: 'claims.ts', text }
    return {
      folder,
      labs,
      programs: [],
      lent: [],
      ledger,
      roles: { roles: {}, texts: {}, file: 'roles.ts' },
      problems: [],
    }
  }
  const sound = [labFiles('77-test', { 'a-check': check() })]

  test('nothing where every claim has a check and every definition its lab', () => {
    expect(claimProblems(catalogue(LEDGER, sound))).toEqual([])
  })

  test('claims that no check answers, one line for each document', () => {
    const bare = [labFiles('77-test', { 'a-check': check({ claims: {} }) })]
    expect(claimProblems(catalogue(LEDGER, bare))).toMatchObject([
      { labs: [], file: 'claims.ts', line: 2, what: 'no check answers X1, X2 of the document cafe', stops: false },
    ])
  })

  test('a definition whose lab is not there', () => {
    const elsewhere = [labFiles('78-other', { 'a-check': check() })]
    expect(claimProblems(catalogue(LEDGER, elsewhere))).toMatchObject([
      { line: 4, what: 'the definition X3 is to be explained in 77-test, which is not there' },
    ])
  })

  test('words about a check that does not answer the claim', () => {
    const X2 = { ...LEDGER['X2'], unless: { 'a-check': 'x', 'b-check': 'y' } } as Claims[string]
    expect(claimProblems(catalogue({ ...LEDGER, X2 }, sound))).toMatchObject([
      { line: 3, what: "X2 has words for the check 'b-check', which does not answer it" },
    ])
  })

  test('a claim to be decided by a check that does not answer it', () => {
    const X2 = { ...LEDGER['X2'], decidedBy: ['a-check', 'b-check'] } as Claims[string]
    expect(claimProblems(catalogue({ ...LEDGER, X2 }, sound))).toMatchObject([
      { line: 3, what: "X2 is to be decided by the check 'b-check', which does not answer it" },
    ])
  })

  test('nothing in a folder of a teacher, whose labs may answer none', () => {
    expect(claimProblems(catalogue(LEDGER, [], '/elsewhere/labs'))).toEqual([])
  })
})
