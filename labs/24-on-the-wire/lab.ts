/** What is in the packets? A capture of a connection, of a refusal over TCP, and of one over UDP. */

import { act, defineLab } from '../../harness/lab.ts'
import { flagged, packetsIn, unreachable, withPort } from './packets.ts'

const STANDARD = 'RFC 9293, section'

export default defineLab({
  id: '24-on-the-wire',
  acts: {
    captured: act({
      network: 'own',
      requires: ['ipv4-loopback', 'bound-socket', 'proc', 'python', 'tcpdump'],
      async experiment({ start, said, ask, stop, connect, send, port, anotherPort }) {
        const closedPort = await anotherPort()
        const server = await start('listener', '127.0.0.1', port)
        await start('closed', '127.0.0.1', closedPort)
        const capture = await start('capture.py')
        const client = await start('client', '127.0.0.1', port)
        if (client.outcome === 'connected') await said(client, 'end') // the server has closed, the client has not
        if (!client.error) await stop(client)
        const connection = await ask(capture, 'what came?', 'packets')
        const refused = await connect('127.0.0.1', { port: closedPort })
        const datagram = await send('127.0.0.1', 'timmy\n', { port: closedPort })
        return { server, client, refused, datagram, connection, refusals: await ask(capture, 'what came?', 'packets') }
      },
      checks: {
        'connection-begins-with-three-packets': {
          claims: { T19: 'three' },
          outcomes: ['three', 'two', 'one'],
          outcome({ client, connection }) {
            const flags = withPort(packetsIn(connection), client.local?.port ?? 0).map((packet) => packet.flags)
            const [first, second, third] = flags
            if (client.outcome !== 'connected' || first !== 'S') return 'other'
            return second === 'S.' ? (third === '.' ? 'three' : 'two') : 'one'
          },
          expect: { posix: { outcome: 'three', source: `${STANDARD} 3.5` } },
          lie: 'bind-denied',
        },
        'packet-of-a-connection-carries-both-ports': {
          claims: { T19: 'both' },
          outcomes: ['both', 'the-servers', 'none'],
          outcome({ server, client, connection }) {
            const ends = [client.local?.port ?? 0, server.local?.port ?? 0]
            const packets = packetsIn(connection).filter(({ protocol }) => protocol === 'tcp')
            if (packets.length < 3) return 'other'
            if (packets.every(({ ports }) => ends.every((end) => ports.includes(end)))) return 'both'
            if (packets.every(({ ports }) => ports.length === 0)) return 'none'
            return packets.every(({ ports }) => ports.includes(ends[1] ?? 0)) ? 'the-servers' : 'other'
          },
          expect: { posix: { outcome: 'both', source: `${STANDARD} 3.1` } },
          lie: 'bind-denied',
        },
        'each-side-ends-a-connection-with-a-packet-of-its-own': {
          claims: { T19: 'a-fin-each' },
          outcomes: ['a-fin-each', 'one-fin', 'a-reset'],
          outcome({ client, connection }) {
            const own = client.local?.port ?? 0
            const packets = withPort(packetsIn(connection), own)
            if (flagged(packets, 'R').length > 0 && client.outcome === 'connected') return 'a-reset'
            const ended = new Set(flagged(packets, 'F').map(({ ports: [from] }) => from === own))
            return ended.size === 2 ? 'a-fin-each' : ended.size === 1 ? 'one-fin' : 'other'
          },
          expect: { posix: { outcome: 'a-fin-each', source: `${STANDARD} 3.6` } },
          lie: 'bind-denied',
        },
        'closed-tcp-port-answers-with-a-reset': {
          claims: { T19: 'reset' },
          outcomes: ['reset', 'syn-ack', 'nothing'],
          outcome({ refused, refusals }) {
            const [syn, answer] = withPort(packetsIn(refusals), refused.to.port)
            if (syn?.flags !== 'S') return 'other'
            if (!answer || answer.flags === 'S') return 'nothing'
            return answer.flags.includes('R') ? 'reset' : answer.flags === 'S.' ? 'syn-ack' : 'other'
          },
          expect: { posix: { outcome: 'reset', source: `${STANDARD} 3.5.2` } },
          lie: 'listens-at-once',
        },
        'closed-udp-port-answers-with-an-icmp-message': {
          outcomes: ['icmp', 'nothing'],
          outcome({ datagram, refusals }) {
            const packets = packetsIn(refusals)
            const { port } = datagram.to
            if (!packets.some(({ protocol, ports }) => protocol === 'udp' && ports[1] === port)) return 'other'
            return unreachable(packets, port).length > 0 ? 'icmp' : 'nothing'
          },
          expect: { linux: { outcome: 'icmp', source: 'RFC 1122, section 4.1.3.1; RFC 792, type 3' } },
          lie: 'peer-ignored',
        },
      },
    }),
  },
})
