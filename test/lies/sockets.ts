/**
 * The place where a lie gets hold of a program: the socket objects of Node's C++ side, through which every bind,
 * listen and connect of node:net and node:dgram passes. Below them is libuv, so everything that the program and the
 * operating system then say is true: of another socket than the one that was asked for.
 */

import { constants } from 'node:os'

/** What libuv answers: 0, or the negative errno. */
export type Answer = number

export type Handle = {
  readonly fd: number
  bind(address: string, port: number, flags?: number): Answer
  bind6(address: string, port: number, flags?: number): Answer
  listen(backlog: number): Answer
  connect(request: unknown, address: string, port?: number): Answer
  connect6(request: unknown, address: string, port?: number): Answer
  getsockname(out: object): Answer
  recvStart(): Answer
  send(...words: unknown[]): Answer
  unref(): void
}

type Wrap = { new (kind: number): Handle; prototype: Handle }
type Constants = Record<string, number>

// Not in the types: deprecated in the documentation (DEP0111), and the only way to the objects below node:net.
const { binding } = process as unknown as { binding(name: string): Record<string, unknown> }
const tcp = binding.call(process, 'tcp_wrap') as { TCP: Wrap; constants: Constants }
const udp = binding.call(process, 'udp_wrap') as { UDP: Wrap; constants: Constants }

export const { TCP } = tcp
export const LISTENER = tcp.constants['SERVER'] ?? 1
export const { UDP } = udp

export const IN_USE: Answer = -constants.errno.EADDRINUSE
export const DENIED: Answer = -constants.errno.EACCES

/** What a program asks of bind(2), and the options that have to be set before. */
export type Bind = { address: string; port: number; ipv6Only: boolean; reusePort: boolean }

/** How long a server whose address is not the one that clients dial waits for one of them. */
const GIVES_UP_MS = 3_000

const PROTOCOLS = [
  { wrap: TCP, ipv6Only: 'UV_TCP_IPV6ONLY', reusePort: 'UV_TCP_REUSEPORT', names: tcp.constants },
  { wrap: UDP, ipv6Only: 'UV_UDP_IPV6ONLY', reusePort: 'UV_UDP_REUSEPORT', names: udp.constants },
]

/**
 * Puts `alter` before every bind of a TCP and of a UDP socket.
 *
 * Where the address or the port is another one, the program ends after three seconds: the clients for which it waits
 * dial the right one, and an experiment that waits for its end would come to no answer.
 */
export function alterBind(alter: (asked: Bind) => Partial<Bind>): void {
  for (const { wrap, names, ...flagOf } of PROTOCOLS) {
    const { bind, bind6 } = wrap.prototype
    const onlyFlag = names[flagOf.ipv6Only] ?? 0
    const reuseFlag = names[flagOf.reusePort] ?? 0
    const altered = function (this: Handle, address: string, port: number, flags = 0): Answer {
      const asked = { address, port, ipv6Only: (flags & onlyFlag) !== 0, reusePort: (flags & reuseFlag) !== 0 }
      const told = { ...asked, ...alter(asked) }
      if (told.address !== address || told.port !== port) setTimeout(() => process.exit(), GIVES_UP_MS).unref()
      const isIPv6 = told.address.includes(':')
      // An IPv4 socket has no IPV6_V6ONLY: libuv would answer EINVAL.
      const only = isIPv6 && told.ipv6Only ? onlyFlag : 0
      const options = (flags & ~onlyFlag & ~reuseFlag) | only | (told.reusePort ? reuseFlag : 0)
      return (isIPv6 ? bind6 : bind).call(this, told.address, told.port, options)
    }
    wrap.prototype.bind = altered
    wrap.prototype.bind6 = altered
  }
}

/** Puts `instead` in the place of one call; it gets the socket, the call as it was, and the arguments. */
export function replace<Name extends keyof Handle>(
  wrap: Wrap,
  names: readonly Name[],
  instead: (socket: Handle, original: (...args: unknown[]) => Answer, args: unknown[]) => unknown,
): void {
  for (const name of names) {
    const original = wrap.prototype[name] as (...args: unknown[]) => Answer
    const replaced = function (this: Handle, ...args: unknown[]) {
      return instead(this, (...told) => original.apply(this, told), args)
    }
    Object.defineProperty(wrap.prototype, name, { value: replaced, configurable: true, writable: true })
  }
}
