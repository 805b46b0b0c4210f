import type { z } from 'zod'
import type { Issue } from './issue.ts'

/** What a zod schema found wrong, as issues: one each, with its path. */
export function shapeIssues(error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({
    code: issue.code === 'unrecognized_keys' ? 'unknown-key' : 'wrong-shape',
    path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message: issue.message,
  }))
}
