/** What the generated class is graded in: few acts, which end soon, and points that differ from item to item. */

import type { Rubric } from '../../../harness/grade/rubric.ts'

const [LAB_1, LAB_2, LAB_3, LAB_4] = [
  '01-tcp-udp-same-port',
  '02-reuse-port',
  '03-loopback-addresses',
  '04-dual-stack',
] as const

/** As a teacher writes it. What is not named gives no points, and so is no item. */
export const RUBRIC = {
  labs: [LAB_1, LAB_2, LAB_3, LAB_4],
  default: { prediction: 0, program: 0, visibility: 'shown' } satisfies Rubric['default'],
  checks: {
    [LAB_1]: {
      server1: { program: 3 },
      server2: { program: 2 },
      client: { program: 2 },
      'tcp-client-is-connected-where-only-a-udp-socket-is-left': { program: 1, prediction: 2 },
      'datagram-reaches-udp-server-that-never-listens': {
        program: 4,
        prediction: { points: 3, partial: { changed: 1 } },
        restsOn: 'tcp-client-is-connected-where-only-a-udp-socket-is-left',
      },
      'client-gets-its-port-from-the-ephemeral-range': { program: 2 },
    },
    [LAB_2]: {
      server3: { program: 5 },
      'second-listener-starts-with-reuseport-on-both': { program: 1 },
      'second-client-ends-the-other-server': { program: 2, prediction: 1 },
    },
    [LAB_3]: {
      server4: { program: 1 },
      'second-listener-starts-on-the-same-loopback-address': { program: 2, prediction: 1 },
    },
    [LAB_4]: {
      server6: { program: 1 },
      server7: { program: 4 },
      server8: { program: 2 },
      'ipv6-client-reaches-dual-stack-listener': { program: 1 },
      'ipv4-client-reaches-dual-stack-listener': { program: 2, prediction: { points: 4, partial: { 'timed-out': 2 } } },
      'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address': { program: 1 },
      'ipv6only-listener-refuses-ipv4': { program: 2 },
      'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side': { program: 1 },
      'each-listener-serves-its-own-family': { program: 3 },
    },
  },
} as const

/** Names of items for the tables of the class, and where each stands. */
export const ITEMS = {
  server1: `${LAB_1}/server1/program`,
  server2: `${LAB_1}/server2/program`,
  client: `${LAB_1}/client/program`,
  refused: `${LAB_1}/tcp-client-is-connected-where-only-a-udp-socket-is-left/program`,
  datagram: `${LAB_1}/datagram-reaches-udp-server-that-never-listens/program`,
  range: `${LAB_1}/client-gets-its-port-from-the-ephemeral-range/program`,
  server3: `${LAB_2}/server3/program`,
  joined: `${LAB_2}/second-listener-starts-with-reuseport-on-both/program`,
  other: `${LAB_2}/second-client-ends-the-other-server/program`,
  server4: `${LAB_3}/server4/program`,
  twice: `${LAB_3}/second-listener-starts-on-the-same-loopback-address/program`,
  server6: `${LAB_4}/server6/program`,
  server7: `${LAB_4}/server7/program`,
  server8: `${LAB_4}/server8/program`,
  overIPv6: `${LAB_4}/ipv6-client-reaches-dual-stack-listener/program`,
  overIPv4: `${LAB_4}/ipv4-client-reaches-dual-stack-listener/program`,
  mapped: `${LAB_4}/dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address/program`,
  refusesIPv4: `${LAB_4}/ipv6only-listener-refuses-ipv4/program`,
  sideBySide: `${LAB_4}/ipv6only-and-ipv4-wildcard-listeners-run-side-by-side/program`,
  ownFamily: `${LAB_4}/each-listener-serves-its-own-family/program`,
} as const

export type Item = keyof typeof ITEMS

/** What a submission's programs are about: an act, the roles in it, and the items that come of it. */
export const PARTS = {
  onlyUdpIsLeft: { roles: ['server1', 'server2'], items: ['server1', 'server2', 'refused', 'datagram'] },
  chosenPort: { roles: ['client'], items: ['client', 'range'] },
  both: { roles: ['server3'], items: ['server3', 'joined', 'other'] },
  sameAddressTwice: { roles: ['server4'], items: ['server4', 'twice'] },
  dualStack: { roles: ['server7'], items: ['server7', 'overIPv6', 'overIPv4', 'mapped'] },
  ipv6Only: { roles: ['server8', 'server6'], items: ['server8', 'server6', 'refusesIPv4', 'sideBySide', 'ownFamily'] },
} as const satisfies Record<string, { roles: readonly string[]; items: readonly Item[] }>

export type PartName = keyof typeof PARTS
