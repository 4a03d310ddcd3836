/** Who may listen on port 80? Asks for the right itself, CAP_NET_BIND_SERVICE, and not for the user's number. */

import { act, defineLab, listenOutcome, openRows } from '../../harness/lab.ts'
import type { Listed, Said } from '../../harness/lab.ts'

type Rights = { user: number; capability: boolean; namespace: 'first' | 'another'; limit: number }
type Opened = { port: number; outcome: string }

export const rightsIn = ({ value }: Said) => value as Rights
export const openedIn = ({ value }: Said) => value as Opened

/** What the program tells counts if the listing shows the row of what listens. */
function confirmed(said: Said, listed: Listed | null): string {
  const { port, outcome } = openedIn(said)
  if (outcome !== 'listening') return outcome
  const rows = listed ? openRows(listed).filter(({ local }) => local.port === port) : []
  return rows.some(({ holders }) => holders.some(({ pid }) => pid === said.pid)) ? 'listening' : 'other'
}

/** What a program without the right came to; where it has kept the right, nothing was asked. */
function without(rights: Said, said: Said, listed: Listed): 'listening' | `E${string}` | 'other' {
  return rightsIn(rights).capability ? 'other' : (confirmed(said, listed) as 'listening')
}

const LIMIT = '/proc/sys/net/ipv4/ip_unprivileged_port_start'
const OUTCOMES = ['listening', 'EACCES'] as const
const RIGHT = 'ip(7): privileged ports; capabilities(7), CAP_NET_BIND_SERVICE'
const SETTING = 'Documentation/networking/ip-sysctl.rst, ip_unprivileged_port_start'

export default defineLab({
  id: '15-privileged-ports',
  acts: {
    thisMachine: act({
      requires: ['ipv4-loopback', 'proc'],
      async experiment({ start, said, ask, list }) {
        const opener = await start('opener', '127.0.0.1')
        const rights = await said(opener, 'rights')
        const opened = await ask(opener, 'highest', 'opened')
        const { port } = openedIn(opened)
        return { rights, opened, listed: port > 0 ? await list('ss', { port }) : null }
      },
      checks: {
        'program-of-ours-listens-on-a-privileged-port': {
          outcomes: [
            'with-the-right',
            'EACCES-without-it',
            'without-it',
            'EACCES-with-it',
            'right-of-elsewhere',
            'none',
          ],
          outcome({ rights, opened, listed }) {
            const { capability, namespace } = rightsIn(rights)
            const found = confirmed(opened, listed)
            if (found === 'none') return 'none'
            if (found === 'listening') return capability ? 'with-the-right' : 'without-it'
            if (found !== 'EACCES') return 'other'
            return !capability ? 'EACCES-without-it' : namespace === 'first' ? 'EACCES-with-it' : 'right-of-elsewhere'
          },
          expect: {
            linux: {
              outcome: ['with-the-right', 'EACCES-without-it', 'right-of-elsewhere', 'none'],
              source: `${RIGHT}; user_namespaces(7); ${SETTING}`,
            },
          },
          lie: 'another-port',
        },
      },
    }),

    withAndWithout: act({
      network: 'own',
      requires: ['ipv4-loopback', 'proc', 'setpriv'],
      async experiment({ start, said, ask, stop, run, list, port }) {
        const privileged = await start('listener', '127.0.0.1', 80)
        if (!privileged.error) await stop(privileged)
        const opener = await start('opener', '127.0.0.1', 'unprivileged')
        const rights = await said(opener, 'rights')
        const open = (number: number) => ask(opener, String(number), 'opened')
        const [on80, on1023, on1024, on8080] = [await open(80), await open(1023), await open(1024), await open(port)]
        const lowered = await run('sh', '-c', `echo 80 > ${LIMIT}`)
        const later = { on80: await open(80), on79: await open(79) }
        const listed = await list('ss', { port: 'all' })
        return { privileged, rights, on80, on1023, on1024, on8080, lowered, later, listed }
      },
      checks: {
        'program-with-the-right-listens-on-port-80': {
          claims: { Q10: 'listening' },
          outcomes: OUTCOMES,
          outcome: ({ privileged }) => listenOutcome(privileged),
          expect: { linux: { outcome: 'listening', source: `${RIGHT}; user_namespaces(7)` } },
          lie: 'bind-denied',
        },
        'program-of-user-0-without-the-right-listens-on-port-80': {
          claims: { Q10: 'EACCES' },
          outcomes: OUTCOMES,
          outcome({ rights, on80, on8080, listed }) {
            // Of a program that is refused every port it says nothing that it is refused this one.
            const [answer, elsewhere] = [without(rights, on80, listed), without(rights, on8080, listed)]
            return answer === 'EACCES' && elsewhere !== 'listening' ? 'other' : answer
          },
          expect: { linux: { outcome: 'EACCES', source: RIGHT } },
          lie: 'right-kept',
        },
        'lowest-port-that-needs-no-right': {
          claims: { T9: 'above-1024' },
          outcomes: ['1024', 'above-1024', 'below-1024'],
          outcome({ rights, on1023, on1024, listed }) {
            const [first, second] = [without(rights, on1023, listed), without(rights, on1024, listed)]
            if (first === 'listening') return 'below-1024'
            if (first !== 'EACCES') return 'other'
            return second === 'listening' ? '1024' : second === 'EACCES' ? 'above-1024' : 'other'
          },
          expect: { linux: { outcome: '1024', source: `ip(7); ${SETTING}; RFC 6335, section 6` } },
          lie: 'right-kept',
        },
        'program-without-the-right-listens-on-port-8080': {
          claims: { C1: 'listening' },
          outcomes: OUTCOMES,
          outcome: ({ rights, on8080, listed }) => without(rights, on8080, listed),
          expect: { linux: { outcome: 'listening', source: `ip(7); ${SETTING}` } },
          lie: 'bind-denied',
        },
        'setting-opens-port-80-to-everybody': {
          claims: { Q10: 'EACCES' },
          outcomes: ['from-80-on', 'all-ports', 'EACCES'],
          outcome({ rights, lowered, later, listed }) {
            if (lowered.exitCode !== 0) return 'other'
            const [on80, on79] = [without(rights, later.on80, listed), without(rights, later.on79, listed)]
            if (on80 !== 'listening') return on80
            return on79 === 'EACCES' ? 'from-80-on' : on79 === 'listening' ? 'all-ports' : 'other'
          },
          expect: { linux: { outcome: 'from-80-on', source: SETTING } },
          lie: 'bind-denied',
        },
      },
    }),
  },
})
