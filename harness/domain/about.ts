/** What is known of the machine on which a listing was taken, beside the listing. Of a pasted one nearly nothing. */

/** `usualNames` has keys such as `80/tcp`, `userNames` numbers of users. `null` always means: not known. */
export type About = {
  /** The ports that the system gives to who asks for none, both ends included. */
  ephemeralRange: readonly [number, number] | null
  /** The addresses of this machine, each with its network device. */
  addresses: readonly { address: string; device: string }[] | null
  /** The first port that any user may have (Linux: ip_unprivileged_port_start). */
  unprivilegedPortStart: number | null
  /** By process id. */
  processes: ReadonlyMap<number, ProcessFacts> | null
  userNames: ReadonlyMap<number, string> | null
  usualNames: ReadonlyMap<string, string> | null
}

/** `uid` and `user`: the owner of the process. `isFileGone`: its program file is not on the disk any more. */
export type ProcessFacts = { uid: number | null; user: string | null; isFileGone: boolean | null }

export const NOTHING_KNOWN: About = {
  ephemeralRange: null,
  addresses: null,
  unprivilegedPortStart: null,
  processes: null,
  userNames: null,
  usualNames: null,
}
