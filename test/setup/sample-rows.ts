// Values for any column of the store, so that a test may write rows of tables that it does not know.
export const COLUMNS = `select table_name, column_name, udt_name from information_schema.columns
  where table_schema = 'tablewright' and table_name <> 'migrations' order by table_name, ordinal_position`
export const CHECKS = `select replace(conrelid::regclass::text, 'tablewright.', '') as table,
  pg_get_constraintdef(oid) as text from pg_constraint where connamespace = 'tablewright'::regnamespace and contype = 'c'`
/** References are not looked at: each table is written for itself. */
export const WITHOUT_REFERENCES = 'set session_replication_role = replica'

export type Check = { readonly table: string; readonly text: string }
export type Column = { readonly table_name: string; readonly column_name: string; readonly udt_name: string }

/** A value of a column's kind; of the values that a check allows, the first. */
export function sampleOf({ table_name, column_name, udt_name }: Column, checks: readonly Check[], n: number): string {
  for (const { table, text } of checks) {
    const [, first] = new RegExp(`\\(\\(?${column_name} = ANY \\(ARRAY\\['([^']+)'`).exec(text) ?? []
    if (table === table_name && first !== undefined) return `'${first}'`
  }
  if (udt_name === 'jsonb') return `'{}'`
  if (udt_name === '_text') return `'{}'`
  if (udt_name === 'bool') return 'true'
  if (udt_name === 'bytea') return `'\\x00'`
  if (/^int/.test(udt_name)) return String(n)
  return udt_name === 'timestamptz' ? 'now()' : `'v${n}'`
}
