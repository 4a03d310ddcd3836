/** From where the sockets of this machine can be had. */

/** `kernel`: over NETLINK_SOCK_DIAG. `proc`: the tables under /proc/net. The others are tools. */
export const SOURCES = ['kernel', 'proc', 'ss', 'lsof', 'netstat', 'fstat', 'sockstat'] as const

export type Source = (typeof SOURCES)[number]

/** Why a source gave nothing: a sentence's second half. */
export class NoSource extends Error {
  override name = 'NoSource'
}
