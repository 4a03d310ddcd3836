/** Reads what nmap prints of each port. */

import type { Ran } from '../../harness/lab.ts'

/** `state`: open, closed, filtered, or open|filtered. `service`: the name that nmap's list has for the number. */
export type NmapPort = { port: number; state: string; service: string }

/** Rows such as `80/tcp closed http`. */
export function nmapPorts({ printed }: Ran): NmapPort[] {
  return printed.flatMap((line) => {
    const [, port, state, service = ''] = /^(\d+)\/(?:tcp|udp)\s+(\S+)(?:\s+(\S+))?/.exec(line) ?? []
    return port === undefined || state === undefined ? [] : [{ port: Number(port), state, service }]
  })
}

/** Where many ports are closed nmap does not show them, and says how many they are. */
export function closedNotShown({ printed }: Ran): number {
  return printed.reduce((sum, line) => sum + Number(/^Not shown: (\d+) closed/.exec(line)?.[1] ?? 0), 0)
}
