/** Errors that mean: no observation was made. They never become a pass or a fail. */

/** The harness did not get to an observation; the message says who waited for what. */
export class Inconclusive extends Error {
  override name = 'Inconclusive'
}

/** Another program of this machine, or what an earlier act left, got between: the act has to run again elsewhere. */
export class StrangerOnPort extends Inconclusive {
  override name = 'StrangerOnPort'
}
