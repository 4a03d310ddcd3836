/**
 * All that a lab program may import: the port it is told, and a way to say what its socket does.
 * On a terminal it speaks in words; otherwise it writes one JSON line per event, which the harness reads.
 */

import type { RemoteInfo, Socket as DatagramSocket } from 'node:dgram'
import { subscribe } from 'node:diagnostics_channel'
import type { AddressInfo, ListenOptions, Socket } from 'node:net'

import { formatEndpoint } from './domain/endpoint.ts'
import type { Endpoint, Protocol } from './domain/endpoint.ts'
import type { Json } from './domain/json.ts'
import type { Asked, ProgramEvent } from './domain/program-event.ts'

// The harness may ask a program to become another user. It does so here, once its files are read, because the other
// user may not be allowed to look into this folder.
const userId = process.env['SOCKET_LABS_UID']
if (userId !== undefined) {
  process.setgroups?.([])
  process.setgid?.(Number(userId))
  process.setuid?.(Number(userId))
}

const words = process.argv.slice(2)
const isNumber = (word: string) => /^\d+$/.test(word)
const isAddress = (word: string) => /[.:]/.test(word)

// A person's slip of the pen must not end as a server on another port, or in a stack.
const [first] = words
const slip =
  words.find((word) => isNumber(word) && Number(word) > 65_535) ??
  (first && !isNumber(first) && !isAddress(first) ? first : undefined)
if (slip !== undefined) {
  process.stderr.write(`${slip} is neither an address nor a port from 0 to 65535\n`)
  process.exit(2)
}

/** How long a server that has closed waits for its client to close too. */
const GRACE_MS = 1000

/** The port to use: the first number among the arguments, else `PORT`, else the documents' 8080. */
export const port = Number(words.find(isNumber) ?? process.env['PORT'] ?? 8080)

/** The address to use: the first argument that holds a dot or a colon, else `HOST`. */
export const host = words.find(isAddress) ?? process.env['HOST'] ?? '127.0.0.1'

/** Whether a word such as `reusePort` stands among the arguments. */
export function asked(word: string): boolean {
  return words.includes(word)
}

// What each server was told to listen on: Node says it on a channel, and so no program has to repeat it. An error does
// not say whose it is: it is taken for that of the last one.
const optionsOf = new WeakMap<object, ListenOptions>()
let lastOptions: ListenOptions | undefined
let hasDatagramSocket = false
subscribe('tracing:net.server.listen:asyncStart', (message) => {
  const { server, options } = message as { server: object; options: ListenOptions }
  optionsOf.set(server, options)
  lastOptions = options
})
subscribe('udp.socket', () => {
  hasDatagramSocket = true
})

/** Says what the socket does. Each function fits the callback in which the news arrives. */
export const say = {
  /** A TCP socket listens: call it from the `listening` callback. */
  listening(server: { address(): AddressInfo | string | null }): void {
    const { address, port } = server.address() as AddressInfo
    tell({
      event: 'listening',
      local: { address, port },
      asked: askedToListen({ address, port }, optionsOf.get(server)),
    })
  },

  /** A UDP socket is bound. `wanted`: the port that it asked for, where that is not the one that the program was told. */
  bound(socket: DatagramSocket, wanted = port): void {
    const { address, port } = socket.address()
    const asked = askedToBind('udp', { address, port: wanted })
    tell({ event: 'bound', protocol: 'udp', local: { address, port }, asked })
  },

  /** A TCP socket is bound and does not listen. `wanted` as above. */
  boundOnly(local: { address: string; port: number }, wanted = port): void {
    const { address } = local
    tell({ event: 'bound', protocol: 'tcp', local, asked: askedToBind('tcp', { address, port: wanted }) })
  },

  /** A system call was refused: call it with the error. The process then ends with exit code 1. */
  refused(cause: unknown): void {
    const error = cause as NodeJS.ErrnoException & { address?: string; port?: number }
    process.exitCode = 1
    tell({
      event: 'refused',
      error: {
        code: error.code ?? error.name,
        errno: error.errno ?? null,
        syscall: error.syscall ?? null,
        address: error.address ?? null,
        port: error.port ?? null,
        message: error.message,
      },
      ...(error.syscall === 'listen' && { asked: askedToListen({ address: host, port }, lastOptions) }),
      ...(error.syscall === 'bind' && {
        asked: askedToBind(hasDatagramSocket ? 'udp' : 'tcp', { address: error.address ?? host, port }),
      }),
    })
  },

  /** The program has no socket to begin with: it is there, and tells what it is asked. */
  running(): void {
    tell({ event: 'running' })
  },

  /** A client is connected: call it from the `connect` callback. */
  connected(socket: Socket): void {
    tell({ event: 'connected', ...endsOf(socket) })
  },

  /** A connection was accepted: `client` is the new socket, with both ends. `socket` names the listener, of several. */
  accepted(client: Socket, socket?: string): void {
    tell({ event: 'accepted', ...endsOf(client), ...(socket !== undefined && { socket }) })
  },

  /** Anything that only this program can see, such as what getsockname(2) answered. `what` names it, in a word or two. */
  saw(what: string, value: Json): void {
    tell({ event: 'saw', what, value })
  },

  /** A datagram came. `socket` names the one that got it, of several. */
  received(message: Uint8Array, { address, port }: RemoteInfo, socket?: string): void {
    const text = Buffer.from(message).toString()
    tell({ event: 'received', text, peer: { address, port }, ...(socket !== undefined && { socket }) })
  },
}

function askedToListen({ address, port }: Endpoint, told: ListenOptions = {}): Asked {
  const { host = address, port: wanted = port, ipv6Only = false, reusePort = false } = told
  const options = { ipv6Only, reusePort, reuseAddr: false }
  return { protocol: 'tcp', address: host, port: wanted, listens: true, ...options }
}

/** UDP programs and bound sockets take their options as words on the command line. */
function askedToBind(protocol: Protocol, { address, port }: Endpoint): Asked {
  const options = { ipv6Only: asked('ipv6Only'), reusePort: asked('reusePort'), reuseAddr: asked('reuseAddr') }
  return { protocol, address, port, listens: false, ...options }
}

/** What a server sends to its client first, so that the client sees who answered. */
export function greeting(): string {
  return `${process.title}, process ${process.pid}\n`
}

/**
 * Greets a client and closes, and keeps the socket until the client has closed too, for a second at most.
 * A socket that was given up lives on in the kernel until its FIN is acknowledged, and then in FIN-WAIT-2 or TIME-WAIT.
 * A system that keeps no such sockets (`tcp_max_tw_buckets`) answers what comes later with a RST. If a FIN that was
 * sent twice crosses its acknowledgement, the client acknowledges it twice, and is reset before it has looked.
 */
export function greet(client: Socket, text = greeting()): void {
  client.on('error', () => client.destroy()) // a client that resets its connection must not end the server
  client.resume() // whoever does not read does not see the client's end
  client.end(text)
  // A client such as nc keeps its end open for as long as its user likes.
  setTimeout(() => client.destroy(), GRACE_MS).unref()
}

function endsOf({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket) {
  return { local: { address: localAddress, port: localPort }, peer: { address: remoteAddress, port: remotePort } }
}

function tell(event: ProgramEvent): void {
  const line = process.stdout.isTTY ? inWords(event) : JSON.stringify({ pid: process.pid, ...event })
  process.stdout.write(`${line}\n`)
}

function inWords(event: ProgramEvent): string {
  switch (event.event) {
    case 'listening':
      return `listening on TCP ${formatEndpoint(event.local)}, process ${process.pid}`
    case 'bound':
      return `bound to ${event.protocol.toUpperCase()} ${formatEndpoint(event.local)}, process ${process.pid}`
    case 'refused':
      return `refused: ${event.error.message} (errno ${event.error.errno}, syscall ${event.error.syscall})`
    case 'connected':
      return `connected: my end ${formatEndpoint(event.local)}, the server's end ${formatEndpoint(event.peer)}`
    case 'accepted':
      return `accepted a connection: my end ${formatEndpoint(event.local)}, the client's end ${formatEndpoint(event.peer)}`
    case 'received':
      return `received ${JSON.stringify(event.text)} from ${formatEndpoint(event.peer)}`
    case 'running':
      return `here, process ${process.pid}`
    case 'saw':
      return `${event.what}: ${typeof event.value === 'string' ? event.value : JSON.stringify(event.value)}`
  }
}
