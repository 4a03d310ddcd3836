import { act, defineLab } from '../../harness/lab.ts'

export default defineLab({
  id: '04-dual-stack',
  acts: {
    dualStack: act({
      requires: ['ipv6-loopback'],
      async experiment({ start, connect, list, port }) {
        await start('server7', port)
        return { listed: await list('lsof'), overIPv6: await connect('::1') }
      },
      checks: {
        'a-b': {
          claims: { C15: 'connected' },
          outcomes: ['connected', 'ECONNREFUSED', 'timed-out'],
          outcome: ({ overIPv6 }) => overIPv6.outcome as 'connected',
          expect: { posix: { outcome: 'connected', source: 'ipv6(7)' } },
          lie: 'ipv6-only-forced',
        },
      },
    }),
  },
})
