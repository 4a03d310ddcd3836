/** How each lie of the register is told: in the process of a lab program, before its own first line. */

import { ChildProcess, spawn } from 'node:child_process'
import { createSocket, Socket as DatagramSocket } from 'node:dgram'
import type { BindOptions } from 'node:dgram'
import { createServer, Server } from 'node:net'
import type { ListenOptions } from 'node:net'

import type { Lie } from '../../harness/domain/lie.ts'
import type { Handle } from './sockets.ts'
import { OF_THE_MACHINE } from './machine.ts'
import { alterBind, DENIED, IN_USE, LISTENER, replace, TCP, UDP } from './sockets.ts'

export const FAULTS: Record<Lie, () => void> = {
  'another-port': () => alterBind(({ port }) => (port === 0 ? {} : { port: port + 1 })),
  'next-port-when-taken': nextPortWhenTaken,
  'ipv6-only-forced': () => alterBind(({ address }) => (address === '::' ? { ipv6Only: true } : {})),
  'ipv6-only-ignored': () => alterBind(() => ({ ipv6Only: false })),
  'ipv4-wildcard-instead': () => alterBind(({ address }) => (address === '::' ? { address: '0.0.0.0' } : {})),
  'ipv6-wildcard-instead': () => alterBind(({ address }) => (address === '0.0.0.0' ? { address: '::' } : {})),
  'wildcard-instead': () => alterBind(({ address }) => (isSpecificIPv4(address) ? { address: '0.0.0.0' } : {})),
  'loopback-instead': () => alterBind(() => ({ address: '127.0.0.1' })),
  'reuse-port-forced': () => alterBind(() => ({ reusePort: true })),
  'reuse-port-ignored': () => alterBind(() => ({ reusePort: false })),
  'datagrams-ignored': datagramsIgnored,
  'peer-ignored': () => replace(UDP, ['connect', 'connect6'], () => 0),
  'udp-client-connects': udpClientConnects,
  'answers-from-a-new-socket': answersFromANewSocket,
  'listens-over-tcp-too': listensOverTcpToo,
  'client-chooses-its-port': clientChoosesItsPort,
  'port-zero-ignored': () => alterBind(({ port }) => (port === 0 ? { port: 2000 + (process.pid % 5000) } : {})),
  'port-cut-to-16-bits': portCutTo16Bits,
  'bind-denied': bindDenied,
  'bind-named-in-errors': bindNamedInErrors,
  'option-before-bind': () => {}, // told by Python programs alone: Node has no option that comes after
  'listens-at-once': listensAtOnce,
  // Told in Python (python/sitecustomize.py): Node always asks for it.
  'reuse-address-forced': () => {},
  'title-ignored': () => Object.defineProperty(process, 'title', { get: () => 'node', set: () => {} }),
  // Told in Python.
  'bytes-changed': () => {},
  'unix-socket-delayed': () => {},
  'pipe-delayed': () => {},
  ...OF_THE_MACHINE,
  'client-addresses-ignored': () =>
    alterBind(({ address }) => (/^127\.[^0]/.test(address) ? { address: '127.0.0.1' } : {})),
  'backlog-ignored': () => replace(TCP, ['listen'], (_socket, listen) => listen(511)),
  'child-keeps-socket': childKeepsSocket,
  'socket-not-inherited': socketNotInherited,
  'another-socket-passed': anotherSocketPassed,
  'sockets-numbered-apart': toldByPython,
  'later-sockets-listen-at-once': toldByPython,
  'copy-makes-another-socket': toldByPython,
  'close-shuts-down': toldByPython,
  'close-forgotten': toldByPython,
  'connected-from-the-start': toldByPython,
  'accept-takes-the-listener': toldByPython,
  'own-port-ignored': toldByPython,
  'sends-on-another-socket': toldByPython,
  'limit-ignored': toldByPython,
  'device-ignored': toldByPython,
  'look-takes-the-data': toldByPython,
  // A program gives rights up by starting itself again with fewer.
  'right-kept': () => Object.assign(process, { execve: undefined }),
  'network-unchanged': toldByTools,
  'closed-called-open': toldByTools,
  'icmp-limit-lifted': toldByTools,
  'route-kept': toldByTools,
}

/** A lie of Python programs only: python/sitecustomize.py has it. */
function toldByPython(): void {}

/** A lie of the tools that set up a network or scan it: the stand-ins in tools/ have it. */
function toldByTools(): void {}

function isSpecificIPv4(address: string): boolean {
  return !address.includes(':') && address !== '0.0.0.0'
}

/** libuv tells of EADDRINUSE for TCP only at the next call (uv_tcp_bind), so the socket is asked for its name. */
function nextPortWhenTaken(): void {
  for (const wrap of [TCP, UDP]) {
    replace(wrap, ['bind', 'bind6'], (socket, bind, [address, port, flags]) => {
      for (let next = Number(port); next < Number(port) + 10; next++) {
        const answer = bind(address, next, flags)
        if ((answer === 0 ? socket.getsockname({}) : answer) !== IN_USE) return answer
      }
      return IN_USE
    })
  }
}

/** A socket that does not read keeps no program alive; a timer does, as the socket would have. */
function datagramsIgnored(): void {
  replace(UDP, ['recvStart'], () => {
    setInterval(() => {}, 60_000)
    return 0
  })
}

/** A client is who left the port to the system. libuv wants no address where a socket has its peer. */
function udpClientConnects(): void {
  const clients = new WeakSet<Handle>()
  replace(UDP, ['bind'], (socket, bind, args) => {
    if (args[1] === 0) clients.add(socket)
    return bind(...args)
  })
  replace(UDP, ['send'], (socket, send, args) => {
    const [request, list, count, port, address, ...rest] = args
    if (!clients.has(socket) || typeof address !== 'string') return send(...args)
    socket.connect(address, port as string)
    return send(request, list, count, ...rest)
  })
}

/** A server is who asked for a certain port. Its clients, who did not, go on sending from their own socket. */
function answersFromANewSocket(): void {
  const { bind, send } = DatagramSocket.prototype
  const servers = new WeakSet<DatagramSocket>()
  DatagramSocket.prototype.bind = function (this: DatagramSocket, ...args: unknown[]): DatagramSocket {
    const [options] = args
    if ((options as BindOptions).port) servers.add(this)
    return bind.apply(this, args as Parameters<typeof bind>)
  }
  DatagramSocket.prototype.send = function (this: DatagramSocket, ...args: unknown[]): void {
    send.apply(servers.has(this) ? createSocket('udp4').unref() : this, args as Parameters<typeof send>)
  } as DatagramSocket['send']
}

/** Before the program can say that its UDP socket is bound. The listener does not keep the program alive. */
function listensOverTcpToo(): void {
  const listeners: Handle[] = []
  replace(UDP, ['bind', 'bind6'], (_socket, bind, [address, port, flags]) => {
    const listener = new TCP(LISTENER)
    listeners.push(listener)
    listener[String(address).includes(':') ? 'bind6' : 'bind'](String(address), Number(port))
    listener.listen(1)
    listener.unref()
    return bind(address, port, flags)
  })
}

/** A number below every system's ephemeral range, and above the privileged ports. */
function clientChoosesItsPort(): void {
  replace(TCP, ['connect', 'connect6'], (socket, connect, args) => {
    const wildcard = String(args[1]).includes(':') ? '::' : '0.0.0.0'
    for (let port = 2000 + (process.pid % 5000); port < 8000; port++) {
      socket[wildcard === '::' ? 'bind6' : 'bind'](wildcard, port)
      if (socket.getsockname({}) === 0) break
    }
    return connect(...args)
  })
}

/** As if Node handed on any number, and the system's 16 bits took what fits in. */
function portCutTo16Bits(): void {
  const { listen } = Server.prototype
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const [options, ...rest] = args
    const port = Number((options as ListenOptions).port) % 65_536
    return listen.call(this, { ...(options as ListenOptions), port }, ...(rest as []))
  } as Server['listen']
}

function bindDenied(): void {
  replace(TCP, ['bind', 'bind6', 'listen'], () => DENIED)
  replace(UDP, ['bind', 'bind6'], () => DENIED)
}

/** As if Node named the system call that refused. */
function bindNamedInErrors(): void {
  const { emit } = Server.prototype
  Server.prototype.emit = function (this: Server, event: string | symbol, ...news: unknown[]): boolean {
    if (event === 'error') Object.assign(news[0] as object, { syscall: 'bind' })
    return emit.call(this, event as 'error', ...(news as [Error]))
  }
}

function listensAtOnce(): void {
  replace(TCP, ['bind', 'bind6'], (socket, bind, args) => {
    const answer = bind(...args)
    if (answer === 0) socket.listen(1)
    return answer
  })
}

/** The child gets the socket as its descriptor 3. The run that started us ends it; at the latest it ends by itself. */
function childKeepsSocket(): void {
  const handOver = ({ fd }: Handle) => {
    const keeper = spawn('sleep', ['120'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
    keeper.on('error', () => {})
    keeper.unref()
  }
  replace(TCP, ['listen'], (socket, listen, args) => {
    const answer = listen(...args)
    if (answer === 0) handOver(socket)
    return answer
  })
  replace(UDP, ['bind', 'bind6'], (socket, bind, args) => {
    const answer = bind(...args)
    if (answer === 0) handOver(socket)
    return answer
  })
}

type Child = { spawn(options: { stdio?: unknown }): number; send?: (...words: unknown[]) => boolean }
const { prototype: Child } = ChildProcess as unknown as { prototype: Child }

/** In the place of each descriptor but the three standard ones the child gets /dev/null. */
function socketNotInherited(): void {
  const start = Child.spawn
  Child.spawn = function (options) {
    const { stdio } = options
    const kept = Array.isArray(stdio) ? stdio.map((one, index) => (index > 2 && one !== 'ipc' ? 'ignore' : one)) : stdio
    return start.call(this, { ...options, stdio: kept })
  }
}

/** In the place of a listener goes another one, and in that of a connection nothing. What was meant stays with its owner. */
function anotherSocketPassed(): void {
  const start = Child.spawn
  Child.spawn = function (options) {
    const answer = start.call(this, options)
    const send = this.send
    if (send) {
      this.send = (message, socket, ...rest) => {
        if (!(socket instanceof Server)) return send.call(this, message)
        const other = new TCP(LISTENER)
        other.bind('127.0.0.1', 0)
        return send.call(this, message, createServer().listen(other), ...rest)
      }
    }
    return answer
  }
}
