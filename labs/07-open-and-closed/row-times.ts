/** Reads off three listings of a port when it has a row: while its socket is bound, while it listens, and once it is closed. */

import type { Listed } from '../../harness/lab.ts'

const TIMES = {
  'none row none': 'only-while-open',
  'row row none': 'from-bind-on',
  'row row row': 'always',
  'none none none': 'never',
} as const

export function rowTimes(listings: readonly [Listed, Listed, Listed]): (typeof TIMES)[keyof typeof TIMES] | 'other' {
  const rows = listings.map((listed) => (hasRow(listed) ? 'row' : 'none')).join(' ')
  return TIMES[rows as keyof typeof TIMES] ?? 'other'
}

/** Whether any listing shows the port. A row with a peer belongs to a connection, and not to an open port. */
export function hasRow(listed: Listed): boolean {
  const rows = [listed, ...listed.others].flatMap((listing) => listing.rows)
  return rows.some(({ protocol, peer }) => protocol === 'tcp' && peer === null)
}
