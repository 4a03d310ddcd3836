/** The datagram that a UDP scan sends. */

const QUESTION = 'scan of port '

export function questionTo(port: number): string {
  return QUESTION + String(port)
}

/**
 * Whether this came from the port that was asked. The question to another port is none: it comes from another socket of
 * this scan, that by chance has the number which is asked here. The own question is one: the server sends back all it
 * gets, or the asker met itself.
 */
export function isAnswer(text: string, port: number): boolean {
  return !text.startsWith(QUESTION) || text === questionTo(port)
}
