/**
 * Can two listeners share a port by listening on two loopback addresses? Puts server4 on 127.0.0.2 and server5 on
 * 127.0.0.3, dials them and an address without a listener, and then tries addresses from all over 127.0.0.0/8.
 */

import { act, CONNECT, defineLab, LISTEN, listenOutcome, openRows } from '../../harness/lab.ts'

/** The first address of the sample: 127.0.0.0 plus this. */
const SEED = 2026

/** Addresses spread evenly over the block, the same in every run: steps of 2^24 divided by the golden ratio. */
const SAMPLE = Array.from({ length: 8 }, (_, index) => {
  const host = (SEED + index * 10_368_889) % 2 ** 24
  return `127.${host >> 16}.${(host >> 8) & 255}.${host & 255}`
})

export default defineLab({
  id: '03-loopback-addresses',
  roles: { server4: ['twoAddresses', 'sameAddressTwice'], server5: ['twoAddresses'] },
  acts: {
    twoAddresses: act({
      requires: ['loopback-block'],
      async experiment({ start, list, connect, port }) {
        const server4 = await start('server4', port)
        const server5 = await start('server5', port)
        return {
          server4,
          server5,
          listed: await list('lsof'),
          to4: await connect('127.0.0.4'),
          to2: await connect('127.0.0.2'),
          to3: await connect('127.0.0.3'),
        }
      },
      checks: {
        'listeners-on-two-loopback-addresses-share-a-port': {
          claims: { C9: 'both-listen', C19: 'both-listen' },
          outcomes: ['both-listen', 'EADDRINUSE', 'EADDRNOTAVAIL'],
          outcome: ({ server4, server5 }) =>
            [server4, server5].map(listenOutcome).find((one) => one !== 'listening') ?? 'both-listen',
          expect: { linux: { outcome: 'both-listen', source: 'ip(7): one socket for each pair of address and port' } },
          lie: 'wildcard-instead',
        },
        'listing-shows-each-listener-with-its-own-address': {
          outcomes: ['two-addresses', 'one-address', 'no-row'],
          outcome: ({ listed }) =>
            (['no-row', 'one-address', 'two-addresses'] as const)[
              new Set(openRows(listed).map(({ local }) => local.address)).size
            ] ?? 'other',
          expect: { linux: { outcome: 'two-addresses', source: 'lsof(8): one line for each open file' } },
          lie: 'another-port',
        },
        'client-reaches-loopback-address-without-listener': {
          outcomes: CONNECT,
          outcome: ({ to4 }) => to4.outcome,
          expect: { linux: { outcome: 'ECONNREFUSED', source: 'connect(2); RFC 9293, section 3.5.2' } },
          lie: 'wildcard-instead',
        },
        'client-reaches-listener-on-the-address-that-it-dials': {
          claims: { C9: 'each-its-own' },
          outcomes: ['each-its-own', 'crossed', 'not-both-connected'],
          outcome({ to2, to3 }) {
            const served = [to2.servedBy?.program, to3.servedBy?.program]
            if (served.includes(undefined)) return 'not-both-connected'
            return served.join() === 'server4,server5' ? 'each-its-own' : 'crossed'
          },
          expect: {
            linux: {
              outcome: 'each-its-own',
              source: 'ip(7): a socket bound to a local address receives what comes for it',
            },
          },
          lie: 'loopback-instead',
        },
        'client-takes-the-loopback-address-that-it-dials': {
          outcomes: ['always-127-0-0-1', 'the-dialled-address', 'not-both-connected'],
          outcome({ to2, to3 }) {
            const seen = [to2.seenByServer?.peer.address, to3.seenByServer?.peer.address]
            if (seen.includes(undefined)) return 'not-both-connected'
            if (seen.join() === '127.0.0.1,127.0.0.1') return 'always-127-0-0-1'
            return seen.join() === '127.0.0.2,127.0.0.3' ? 'the-dialled-address' : 'other'
          },
          expect: { linux: { outcome: 'always-127-0-0-1', source: 'ip-route(8), src' } },
          lie: 'loopback-instead',
        },
      },
    }),

    sameAddressTwice: act({
      requires: ['loopback-block'],
      async experiment({ start, port }) {
        await start('server4', port)
        return { second: await start('server4', port) }
      },
      checks: {
        'second-listener-starts-on-the-same-loopback-address': {
          outcomes: LISTEN,
          outcome: ({ second }) => listenOutcome(second),
          expect: {
            posix: { outcome: 'EADDRINUSE', source: 'POSIX bind, EADDRINUSE; Go net/listen_test.go, TestTCPListener' },
          },
          lie: 'reuse-port-forced',
        },
      },
    }),

    wholeBlock: act({
      requires: ['loopback-block'],
      async experiment({ start, list, connect, port }) {
        const server = await start('tcp-and-udp', ...SAMPLE, port)
        const listed = await list('lsof')
        const sampled = []
        for (const address of SAMPLE) sampled.push(await connect(address))
        const last = await start('tcp-and-udp', '127.255.255.255', port)
        return { server, listed, sampled, last, toLast: await connect('127.255.255.255') }
      },
      checks: {
        'sampled-loopback-addresses-work-without-being-configured': {
          outcomes: ['all', 'some', 'none', 'EADDRNOTAVAIL'],
          outcome({ server, sampled }) {
            if (server.error) return server.outcome as `E${string}`
            const connected = sampled.filter(({ outcome }) => outcome === 'connected').length
            return connected === sampled.length ? 'all' : connected > 0 ? 'some' : 'none'
          },
          expect: { linux: { outcome: 'all', source: 'Linux net/ipv4/fib_frontend.c, fib_add_ifaddr' } },
          lie: 'another-port',
        },
        'one-process-holds-a-socket-for-each-address': {
          claims: { N11: 'one-process' },
          outcomes: ['one-process', 'several-processes', 'not-all'],
          outcome({ listed }) {
            const rows = openRows(listed)
            if (new Set(rows.map(({ local }) => local.address)).size < SAMPLE.length) return 'not-all'
            const pids = new Set(rows.flatMap(({ holders }) => holders.map(({ pid }) => pid)))
            return pids.size === 1 ? 'one-process' : pids.size > 1 ? 'several-processes' : 'other'
          },
          expect: { linux: { outcome: 'one-process', source: 'socket(2); getrlimit(2), RLIMIT_NOFILE' } },
          lie: 'another-port',
        },
        'last-loopback-address-can-be-dialled': {
          claims: { C12: 'connected' },
          outcomes: [...CONNECT, 'ENETUNREACH'],
          outcome: ({ last, toLast }) => (last.error ? (last.outcome as `E${string}`) : toLast.outcome),
          expect: { linux: { outcome: 'ENETUNREACH', source: 'Linux net/ipv4/tcp_ipv4.c, tcp_v4_connect' } },
          lie: 'bind-denied',
        },
      },
    }),
  },
})
