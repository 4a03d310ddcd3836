/** One surprise, and what can be read off its evidence: which calls were refused, with which error, for which endpoint. */

import type { ActEvidence, LabEvidence, Step } from '../../domain/evidence.ts'
import type { Json } from '../../domain/json.ts'
import type { LoadedLab } from '../../domain/loaded-lab.ts'
import type { CheckResult } from '../../domain/verdict.ts'
import { expectationFor } from '../../run/answer.ts'

export type Surprise = {
  result: CheckResult
  act: ActEvidence | null
  /** Those of the same run of the lab that came before. */
  earlier: readonly ActEvidence[]
  /** The steps on which the answer rests; all of the act where there is no answer. */
  steps: readonly Step[]
  /** Outcomes that some check of the act is to have: what leads to one of them is no symptom, unless it was observed. */
  expected: ReadonlySet<string>
  isInOwnNetwork: boolean
  /** Why the lab cannot be run as it is, or null. */
  defect: string | null
}

/** A call that did not bring what was wanted. `timed-out` and `silent` are no errors, and stand among the codes. */
export type Refusal = {
  call: 'bind' | 'connect' | 'send' | 'unknown'
  code: string
  address: string | null
  port: number | null
  /** The step that saw it; null where only the reason of the verdict tells. */
  step: number | null
}

export function surpriseOf(
  result: CheckResult,
  { labs, loaded, os }: { labs: readonly LabEvidence[]; loaded: readonly LoadedLab[]; os: string },
): Surprise {
  const { act, earlier } = actOf(result, labs)
  const lab = loaded.find(({ id }) => id === result.lab)
  const all = act?.steps ?? []
  const own = all.filter(({ number }) => result.restsOn.includes(number))
  return {
    result,
    act,
    earlier,
    steps: own.length > 0 ? own : all,
    expected: new Set([...(result.expected?.outcomes ?? []), ...expectedBeside(result, lab, os)]),
    isInOwnNetwork: act?.network === 'own' || lab?.lab.acts[result.act]?.network === 'own',
    defect: lab?.defect ?? null,
  }
}

/** A lab may have been run several times: a result and its act took equally long, and have one reason for no answer. */
function actOf(
  { lab, act, verdict, seen, durationMs }: CheckResult,
  labs: readonly LabEvidence[],
): Pick<Surprise, 'act' | 'earlier'> {
  const runs = labs.flatMap((one) => {
    const index = one.acts.findIndex(({ act: name }) => name === act)
    const found = one.lab === lab ? one.acts[index] : undefined
    return found ? [{ act: found, earlier: one.acts.slice(0, index) }] : []
  })
  const isOfResult = (one: { act: ActEvidence }) =>
    one.act.durationMs === durationMs &&
    (one.act.problem === null || (verdict === 'inconclusive' && one.act.problem === seen))
  return runs.find(isOfResult) ?? runs[0] ?? { act: null, earlier: [] }
}

/** What other checks of the act are to have on this system. */
function expectedBeside({ act, id, observed }: CheckResult, loaded: LoadedLab | undefined, os: string): string[] {
  const checks = Object.entries(loaded?.lab.acts[act]?.checks ?? {}).filter(([name]) => name !== id)
  const outcomes = checks.flatMap(([, check]) => [expectationFor(check, os)?.outcome ?? []].flat())
  return outcomes.filter((outcome) => outcome !== observed)
}

/** Why nothing was observed; the empty text where something was. */
export function reasonOf({ result }: Surprise): string {
  return result.verdict === 'inconclusive' ? result.seen : ''
}

/** What did not work and was not expected to fail in this way. */
export function refusals(surprise: Surprise): Refusal[] {
  return allRefusals(surprise).filter(({ code }) => !surprise.expected.has(code))
}

export function allRefusals(surprise: Surprise): Refusal[] {
  return [...surprise.steps.flatMap(refusalsIn), ...refusalsNamed(reasonOf(surprise))]
}

function refusalsIn(step: Step): Refusal[] {
  const { number } = step
  if (step.kind === 'connect' || step.kind === 'send') {
    const { outcome, to } = step.saw
    const isRefusal = outcome !== 'connected' && outcome !== 'received'
    return isRefusal ? [{ call: step.kind, code: outcome, address: to.address, port: to.port, step: number }] : []
  }
  if (step.kind === 'start' || step.kind === 'proceed') {
    const { error, asked } = step.saw
    if (error === null) return []
    const [address, port] = [asked?.address ?? error.address, asked?.port ?? error.port]
    return [{ call: callNamed(error.syscall), code: error.code, address, port, step: number }]
  }
  // What a program tells has any shape; a text that is an error's name and nothing else is one.
  if (step.kind === 'said') {
    const codes = textsIn(step.saw.value).filter((text) => ERROR.test(text))
    return codes.map((code) => ({ call: 'unknown', code, address: null, port: null, step: number }))
  }
  return []
}

/** Node says `listen` of each failure inside server.listen, also where bind(2) was refused. */
function callNamed(syscall: string | null): Refusal['call'] {
  if (syscall === 'listen' || syscall === 'bind') return 'bind'
  return syscall === 'connect' || syscall === 'send' ? syscall : 'unknown'
}

const ERROR = /^E[A-Z]{3,}\d?[A-Z]*$/

/** Errors that the reason of a verdict names: `no free port for a client of 127.0.0.1:8080 (EADDRNOTAVAIL)`. */
function refusalsNamed(reason: string): Refusal[] {
  const codes = new Set(reason.match(/\bE[A-Z]{4,}\b/g))
  const [, address = null, port = null] = /(?:^| )\[?([\d.:a-f]+)\]?:(\d+)\b/.exec(reason) ?? []
  const isBind = /\b(?:binding|listening on)\b/.test(reason)
  const call = isBind ? 'bind' : /\bclient of\b|\bconnect/i.test(reason) ? 'connect' : 'unknown'
  return [...codes].map((code) => ({ call, code, address, port: port === null ? null : Number(port), step: null }))
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => textsIn(one))
}
