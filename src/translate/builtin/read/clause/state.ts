// What is known while clauses are read: negations, joints and the noun or verb that the next value is of.
// In: a condition that was read. Out: the scope with that condition in its place.
// Refused: reading words; the steps beside this file do.
import type { CompareOp } from '../../../../definition/schema.ts'
import type { Cond, Measure, Mention, Operand } from '../ast.ts'
import type { Scope } from '../reader.ts'

export type State = {
  negated: boolean
  /** Where the last negation stood, and how many conditions there were before it. */
  denied: { at: number; conditions: number } | undefined
  except: boolean
  never: boolean
  or: boolean
  both: boolean
  either: boolean
  /** A verb or noun that says what the next value or number is of. */
  hint: Mention | undefined
  /** Left side of the last comparison, for "or less than 10". */
  left: Measure | undefined
  /** A relative clause or preposition was met: what follows are conditions, not columns. */
  relative: boolean
  joined: boolean
  sinceAnd: boolean
  whose: boolean
}

/** The state before anything is read. */
export function freshState(): State {
  return {
    negated: false,
    denied: undefined,
    except: false,
    never: false,
    or: false,
    both: false,
    either: false,
    hint: undefined,
    left: undefined,
    relative: false,
    joined: false,
    sinceAnd: false,
    whose: false,
  }
}

/** Adds a condition, as the negation, "or" or "both" before it says. */
export function push(scope: Scope, s: State, cond: Cond): void {
  const negated = s.negated && cond.kind !== 'has' && cond.kind !== 'empty'
  const made: Cond = negated
    ? { kind: 'not', part: cond, ...(s.except && { except: true }), ...(s.never && { never: true }) }
    : cond
  if (!s.or) s.negated = false
  if (s.or) while (scope.where.length > 0 && isLoose(scope.where.at(-1))) scope.where.pop()
  if (s.or && scope.where.length > 0) {
    const last = scope.where.pop()
    if (last !== undefined)
      scope.where.push(
        last.kind === 'or' ? { kind: 'or', parts: [...last.parts, made] } : { kind: 'or', parts: [last, made] },
      )
  } else if (s.both && s.joined && scope.where.length > 0) {
    const last = scope.where.pop()
    if (last !== undefined)
      scope.where.push(
        last.kind === 'and' && last.apart === true
          ? { ...last, parts: [...last.parts, made] }
          : { kind: 'and', parts: [last, made], apart: true },
      )
  } else scope.where.push(made)
  s.or = false
  s.joined = false
  s.negated = s.negated && false
}

/** A field that was only mentioned in passing is no side of an "or". */
function isLoose(cond: Cond | undefined): boolean {
  return cond?.kind === 'flag' && cond.soft === true
}

/** Adds a comparison and remembers its left side for the next bound. */
export function pushCompare(scope: Scope, s: State, left: Measure, op: CompareOp | 'between', right: Operand): void {
  push(scope, s, { kind: 'compare', left, op, right })
  s.left = left
  s.hint = undefined
}

/** A mention without a meaning of its own. */
export function nothing(): Mention {
  return {
    id: -1,
    chunk: { from: 0, to: 0, text: '', word: '', links: [], values: [], capital: false, plural: false },
    soft: true,
  }
}
