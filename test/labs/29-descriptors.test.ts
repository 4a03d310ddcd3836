/** Lab 29 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import type { Said } from '../../harness/domain/observation.ts'
import lab from '../../labs/29-descriptors/lab.ts'
import { saw } from '../../labs/29-descriptors/seen.ts'
import { queue, refuse, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

/** The program tells something else; the rest stays as it was. */
const tell = (said: Said, over: Partial<ReturnType<typeof saw>>) => {
  said.value = { ...(said.value as object), ...over }
}

const NOWHERE = { address: '0.0.0.0', port: 0 }
const SOMEWHERE = { address: '127.0.0.1', port: 40_000 }

const answer = await testOutcomes(lab, {
  likeAFile: {
    'file-gets-the-number-that-a-socket-had': {
      'two-tables': ({ file }) => tell(file, { descriptor: 100 }),
    },
    'link-of-a-descriptor-names-the-inode-of-the-row': {
      'another-inode': [
        ({ listed }) => show(listed, [row({ inode: 1 })]),
        ({ links }) => void (links.printed = ['total 0', 'lrwx------ 1 root root 64 Nov 22 05:42 3 -> socket:[1]']),
        ({ links }) => void (links.printed = ['lr-x------ 1 root root 64 Nov 22 05:42 3 -> /dev/zero']),
        ({ links }) => void (links.printed = []),
      ],
      'no-row': ({ listed }) => show(listed, []),
    },
  },
  fresh: {
    'fresh-socket-has-an-address': {
      'an-address': [
        ({ made }) => tell(made, { before: SOMEWHERE }),
        ({ made }) => tell(made, { before: { ...NOWHERE, port: 40_000 } }),
      ],
    },
    'fresh-socket-has-a-row-in-the-table': {
      'a-row': ({ unlisted }) => Object.assign(unlisted, { exitCode: 0, printed: ['  1: 0100007F:1F90 0A'] }),
      other: [
        ({ unlisted }) => Object.assign(unlisted, { exitCode: 2 }),
        ({ unlisted }) => Object.assign(unlisted, { exitCode: null }),
        ({ listed }) => Object.assign(listed, { exitCode: 1, printed: [] }),
      ],
    },
    'socket-gets-its-address-by-bind-or-connect': {
      'by-bind-only': ({ connected }) => tell(connected, { after: NOWHERE, answer: 'ECONNREFUSED' }),
      'by-connect-only': ({ bound }) => tell(bound, { before: SOMEWHERE }),
      'by-neither': ({ bound, connected }) => {
        tell(bound, { after: NOWHERE })
        tell(connected, { after: NOWHERE })
      },
    },
  },
  copies: {
    'copy-of-a-descriptor-leads-to-the-same-socket': {
      'another-socket': [
        ({ copy }) => tell(copy, { inode: 1 }),
        ({ both }) => show(both, []),
        ({ copy, both }) => {
          const holders = [{ pid: copy.pid, command: 'python3', fd: saw(copy).descriptor }]
          show(both, [row({ inode: saw(copy).inode, holders })])
        },
      ],
    },
    'socket-holds-its-type-protocol-and-queue': {
      'not-all': [
        ({ copy }) => tell(copy, { type: 'SOCK_DGRAM' }),
        ({ copy }) => tell(copy, { protocol: 0 }),
        ({ copy, both }) => show(both, [row({ inode: saw(copy).inode, receiveQueue: 0 })]),
        ({ both }) => show(both, []),
      ],
    },
    'socket-listens-after-one-of-two-descriptors-is-closed': {
      'it-is-gone': ({ copyAlone }) => show(copyAlone, []),
      other: ({ both }) => show(both, []),
    },
    'client-is-refused-after-the-last-descriptor-is-closed': {
      connected: ({ late }) => queue(late),
      'timed-out': ({ late }) => refuse(late, 'timed-out'),
      other: ({ both }) => show(both, []),
    },
  },
  limit: {
    'sockets-of-a-process-run-out-at-its-limit-of-open-files': {
      'no-limit': ({ made }) => tell(made, { made: 40, refused: null }),
      other: ({ made }) => tell(made, { refused: 'ENFILE' }),
    },
    'limit-counts-files-and-sockets-together': {
      'sockets-only': [
        ({ made }) => tell(made, { made: 40, refused: null }),
        ({ open }) => void (open.printed = ['0 1 2 3 4 5']),
      ],
    },
  },
})

const link = 'link-of-a-descriptor-names-the-inode-of-the-row'
const together = 'limit-counts-files-and-sockets-together'

describe('claims', () => {
  test('T5, T8, T14 and T30 hold in every check that answers them', () => {
    expect(claimsIn(answer('file-gets-the-number-that-a-socket-had'))).toEqual({ T5: true })
    expect(claimsIn(answer(link))).toEqual({ T5: true, T30: true })
    expect(claimsIn(answer('socket-gets-its-address-by-bind-or-connect'))).toEqual({ T14: true })
    expect(claimsIn(answer('client-is-refused-after-the-last-descriptor-is-closed'))).toEqual({ T30: true })
    expect(claimsIn(answer('sockets-of-a-process-run-out-at-its-limit-of-open-files'))).toEqual({ T8: true })
  })

  test('T30 does not hold where the socket is gone with the first of two descriptors', () => {
    const gone = answer('socket-listens-after-one-of-two-descriptors-is-closed', ({ copyAlone }) => show(copyAlone, []))
    expect(claimsIn(gone)).toEqual({ T30: false })
  })
})

describe('the words', () => {
  test('the link is shown as the system writes it', () => {
    expect(answer(link).seen).toMatch(/^Descriptor 3 of process \d+ is a link to socket:\[\d+\]\./)
  })

  test('a number above the limit was inherited, and is not counted', () => {
    expect(answer(together, ({ open }) => open.printed.push('251')).verdict).toBe('pass')
    expect(answer(together).seen).toMatch(/all numbers below 40 are taken: \d+ for the new sockets, and \d+ that were/)
  })

  test('a refused call is told with its error', () => {
    const refused = answer('socket-gets-its-address-by-bind-or-connect', ({ bound }) =>
      tell(bound, { after: NOWHERE, answer: 'EINVAL' }),
    )
    expect(refused.seen).toContain('bind: before 0.0.0.0, port 0; after 0.0.0.0, port 0; the call was refused: EINVAL.')
  })
})
