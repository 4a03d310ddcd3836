/** Environments in a network namespace of their own: whoever runs the labs there counts as user 0, and has no other. */

import { namespaced, whyNoNamespace } from '../namespace.ts'
import type { Environment } from './environment.ts'

type Rest = Pick<Environment, 'lacks' | 'perhaps' | 'skips'>

/** `setup` is done by sh(1) once the loopback interface is up. */
export function inNamespace(name: string, setup: string, { lacks = [], ...rest }: Rest = {}): Environment {
  return {
    name,
    whyNot: whyNoNamespace,
    enter: () => ({ prefix: namespaced(setup) }),
    lacks: [...lacks, 'another-user'],
    ...rest,
  }
}
