import type { Issue } from '../lib/issue.ts'

/** What a person can mend, of the errors a read-only statement may meet; undefined for any other. */
export function issueOf(error: unknown, timeoutMs: number): Issue | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === '57014')
    return {
      code: 'too-slow',
      path: [],
      message: `Cannot finish the table: it took longer than ${timeoutMs / 1000} s`,
      fix: 'Narrow the filters, choose a shorter period or fewer columns',
    }
  if (['22P02', '22003', '22007', '22008', '42883'].includes(code))
    return {
      code: 'value-does-not-fit',
      path: [],
      message: 'Cannot compare a value with its field: the database does not accept it as a value of that kind',
      fix: 'Check the values in the filters, above all those of id fields',
    }
  return undefined
}
