// A counted or averaged thing in the middle of a prompt: compared, ranked by, or one more column.
// In: the place of the word that counts. Out: a condition, a top or a column; where it stopped.
// Refused: measures in the head of a prompt; `measure.ts` reads those.
import { readMeasure } from '../measure.ts'
import { readOperand } from '../operand.ts'
import { isNumber, kwOf, mayMeanNumber, type Reader, type Scope, skip, use, wordOf } from '../reader.ts'
import { betweenStep, compareStep } from './compare.ts'
import { pushCompare, type State } from './state.ts'

/** A counted or averaged thing in the middle: compared ("an average age above 20"), or one more column. */
export function measureStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const measured = readMeasure(r, at, end)
  const measure = measured.measures[0]
  if (measure === undefined || (measure.kind === 'dim' && measure.fn !== undefined)) {
    // "whose age is the maximum", "above the average"
    const fn = measure?.kind === 'dim' ? measure.fn : undefined
    if ((fn === 'max' || fn === 'min') && s.hint !== undefined) {
      use(r, at)
      r.ask.top ??= { by: { kind: 'noun', of: s.hint }, dir: fn === 'max' ? 'desc' : 'asc', limit: 1 }
      return at + 1
    }
    use(r, at)
    if (fn === 'avg' && wordOf(r, at) === 'on average') averageShown(r)
    return at + 1
  }
  use(r, at, measured.next)
  const next = skip(r, measured.next, end, ['be', 'modal', 'have'])
  const kw = kwOf(r, next)
  if (
    kw === 'cmp' ||
    kw === 'between' ||
    (kw === 'prep' && wordOf(r, next) === 'of' && (kwOf(r, next + 1) === 'cmp' || isNumber(r, next + 1)))
  ) {
    scope.where.push(...measured.where)
    if (kw === 'between') return betweenStep(r, scope, s, next, end, measure)
    if (kw === 'cmp') return compareStep(r, scope, s, next, end, measure)
    if (kwOf(r, next + 1) === 'cmp') return compareStep(r, scope, s, next + 1, end, measure)
    const right = readOperand(r, next + 1, end, measure)
    if (right !== undefined) {
      pushCompare(scope, s, measure, 'eq', right.operand)
      return right.next
    }
  }
  if (kw === 'equals' || (next > measured.next && isNumber(r, next))) {
    const right = readOperand(r, kw === 'equals' ? next + 1 : next, end, measure)
    if (right !== undefined) {
      pushCompare(scope, s, measure, 'eq', right.operand)
      return right.next
    }
  }
  if (
    measure.kind === 'agg' &&
    (measure.fn === 'max' || measure.fn === 'min') &&
    scope.main &&
    r.ask.select.length > 0
  ) {
    // "with the maximum capacity": the one row that has it.
    if (
      r.pick('with-extreme', [
        [0, true],
        [1, false],
      ])
    ) {
      scope.where.push(...measured.where)
      r.ask.top ??= { by: { kind: 'noun', of: measure.of }, dir: measure.fn === 'max' ? 'desc' : 'asc', limit: 1 }
      return measured.next
    }
  }
  scope.where.push(...measured.where)
  if (scope.main) r.ask.select.push(...measured.measures)
  return measured.next
}

/** "How old are the students on average": what was asked for is averaged. */
function averageShown(r: Reader): void {
  const shown = r.ask.select.at(-1)
  if (shown?.kind === 'dim' && shown.fn === undefined) r.ask.select.splice(-1, 1, { ...shown, fn: 'avg' })
  else if (shown?.kind === 'noun' && mayMeanNumber(shown.of.chunk))
    r.ask.select.splice(-1, 1, { kind: 'agg', fn: 'avg', of: shown.of })
}
