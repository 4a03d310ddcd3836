/** The ends of connections and datagrams, as the programs of this lab and the listings tell them. */

import type { Listed, Ran, Said, SocketRow, Started } from '../../harness/lab.ts'

type End = { address: string; port: number }

/** A client that a service had, and the lines that it said. */
type Visit = { client: End; said: string[] }

/** What a service tells of its clients. */
export const visitsOf = ({ value }: Said) => value as unknown as Visit[]

/** Where the answer to a datagram came from. */
export const answerFrom = ({ value }: Said) => value as unknown as End

/** The server's end of the connection with this client, as any listing shows it. */
export function acceptedRow(listed: Listed, client: Started): SocketRow | undefined {
  const rows = [listed, ...listed.others].flatMap((listing) => listing.rows)
  return rows.find(({ state, peer }) => state === 'ESTABLISHED' && peer?.port === client.local?.port)
}

/** The connections that `ss -tn` prints, each with its two ends. Ended ones may still be there, in another state. */
export function connectionsIn({ printed }: Ran): { local: string; peer: string }[] {
  const rows = printed.map((line) => line.split(/\s+/)).filter(([state]) => state === 'ESTAB')
  return rows.map(([, , , local = '', peer = '']) => ({ local, peer }))
}
