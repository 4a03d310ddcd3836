/** The datagram that a UDP scan sends. */

const QUESTION = 'scan of port '

/** All questions are of one length. */
export function questionTo(port: number): Buffer {
  return Buffer.from(QUESTION + String(port).padStart(5, '0'), 'latin1')
}

/**
 * Whether this came from the port that was asked. The question to another port is none: it comes from another socket of
 * this scan, that by chance has the number which is asked here. The own question is one: the server sends back all it
 * gets, or the asker met itself.
 */
export function isAnswer(message: Buffer, port: number): boolean {
  const text = message.toString('latin1')
  return !text.startsWith(QUESTION) || text === questionTo(port).toString('latin1')
}
