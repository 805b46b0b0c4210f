// Whether a schedule can be kept. In: a config that has the right shape. Refused: recipients that are nobody or may not
// be mailed, and a threshold on a column that the table does not have; every problem at once.
import type { Catalog } from '../catalog/schema.ts'
import type { Call } from '../context.ts'
import type { Db } from '../db/store.ts'
import { outputsOf } from '../definition/outputs.ts'
import type { Definition } from '../definition/schema.ts'
import { UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'
import type { ScheduleConfig } from './config.ts'
import { nextRuns } from './next-run.ts'
import { recipientsOf } from './recipients.ts'

/** Throws `UserError` invalid_request with every issue. Without a definition it is a report that is scheduled. */
export async function checkSchedule(
  tx: Db,
  { ctx, identity }: Pick<Call, 'ctx' | 'identity'>,
  config: ScheduleConfig,
  table: { definition: Definition; catalog: Catalog } | undefined,
): Promise<void> {
  const { dropped } = await recipientsOf(tx, identity.organizationId, config, ctx)
  const issues: Issue[] = dropped
    .filter(({ partial }) => !partial)
    .map(({ who, why, index }) => ({
      code: 'recipient-not-mailed',
      path: ['recipients', index],
      message: `Cannot mail ${who}: ${why}`,
      ...fixOf(why),
    }))
  if (nextRuns({ ...config, paused: false }, ctx.now(), 1).length === 0) {
    const message = 'Cannot schedule it: by these dates it never comes due'
    issues.push({ code: 'never-due', path: ['endsOn'], message, fix: 'choose a later end, or none' })
  }
  issues.push(...(table === undefined ? forReports(config) : forTables(config, table)))
  if (issues.length > 0) throw new UserError('invalid_request', 'Cannot schedule it as asked', { issues })
}

function fixOf(why: string): { fix?: string } {
  if (why.includes('does not allow outside'))
    return { fix: 'set allowOutside to true, if it may leave the organization' }
  return why.includes('not allowed here') ? { fix: 'ask the operator to add the domain to MAIL_DOMAINS' } : {}
}

function forReports({ format, condition }: ScheduleConfig): Issue[] {
  const issue = (place: string, message: string, fix: string): Issue => ({
    code: 'not-for-reports',
    path: [place],
    message,
    fix,
  })
  return [
    ...(format === 'table'
      ? [issue('format', 'Cannot put a report into the mail itself', 'choose pdf, excel or csv')]
      : []),
    ...(condition.kind === 'threshold'
      ? [issue('condition', 'Cannot test a number of a report', 'schedule the table that has it')]
      : []),
  ]
}

function forTables(
  { condition }: ScheduleConfig,
  { definition, catalog }: { definition: Definition; catalog: Catalog },
): Issue[] {
  if (condition.kind !== 'threshold') return []
  const outputs = outputsOf(definition, catalog).filter(({ hidden }) => !hidden)
  const found = outputs.find(({ id }) => id === condition.column)
  const path = ['condition', 'column']
  if (found === undefined) {
    const known = outputs.map(({ id }) => `"${id}"`).join(', ')
    const message = `Cannot test column "${condition.column}": the table has no such column`
    return [{ code: 'unknown-column', path, message, fix: `Use one of ${known}` }]
  }
  if (condition.in === 'total' && !definition.totals) {
    const message = 'Cannot test the grand total: the table has none'
    return [{ code: 'no-totals', path: ['condition', 'in'], message, fix: 'set "totals": true in the definition' }]
  }
  const ordered = ['gt', 'gte', 'lt', 'lte'].includes(condition.op)
  if (ordered && ['text', 'enum', 'id', 'boolean'].includes(found.type ?? 'text')) {
    const message = `Cannot test whether "${condition.column}" is above or below something: it is ${found.type}`
    return [{ code: 'not-ordered', path: ['condition', 'op'], message, fix: 'Use eq or ne' }]
  }
  const numeric = ['integer', 'number', 'money'].includes(found.type ?? 'text')
  if (numeric && !/^[+-]?\d+(\.\d+)?$/.test(String(condition.value))) {
    const message = `Cannot compare "${condition.column}" with "${condition.value}": a number is expected`
    return [{ code: 'not-a-number', path: ['condition', 'value'], message }]
  }
  return []
}
