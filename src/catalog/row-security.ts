// A fence in the database itself: a role that may only read what the catalog names, and of one organization at a time.
// In: a catalog and a role's name. Out: statements for whoever owns the tables; running them twice changes nothing.
// Refused: a table with two tenant keys. Other roles see what they saw: every policy that is added is about the new role,
// but for one that keeps a table open to others where it had no row security before.
import { UserError } from '../errors.ts'
import type { Catalog, Entity } from './schema.ts'

/** The setting that says whose rows a transaction may see; rows/source.ts sets it. */
export const ORGANIZATION_SETTING = 'tablewright.organization'

type Fenced = { readonly columns: Set<string>; tenantKey?: string }

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The statements, in order; all of them belong into one transaction. Throws `UserError`. */
export function rowSecurity(catalog: Catalog, role: string): readonly string[] {
  const to = ident(role)
  const tables = tablesOf(catalog)
  const schemas = new Set([...tables.keys()].map((key) => (JSON.parse(key) as [string, string])[0]))
  return [
    `do $$ begin
  if not exists (select from pg_roles where rolname = ${literal(role)}) then create role ${to} login; end if;
  if exists (select from pg_roles where rolname = ${literal(role)} and (rolsuper or rolbypassrls)) then
    raise exception 'the role % sees all rows whatever policies say', ${literal(role)};
  end if;
end $$`,
    `alter role ${to} set default_transaction_read_only = on`,
    ...[...schemas].map((schema) => `grant usage on schema ${ident(schema)} to ${to}`),
    ...[...tables].flatMap(([key, fenced]) => ofTable(JSON.parse(key) as [string, string], fenced, role)),
  ]
}

function ofTable([schema, table]: [string, string], { columns, tenantKey }: Fenced, role: string): string[] {
  const name = `${ident(schema)}.${ident(table)}`
  const to = ident(role)
  const grants = [
    `revoke all on ${name} from ${to}`,
    `grant select (${[...columns].map(ident).join(', ')}) on ${name} to ${to}`,
  ]
  if (tenantKey === undefined) return grants
  const own = `${ident(tenantKey)}::text = nullif(current_setting(${literal(ORGANIZATION_SETTING)}, true), '')`
  return [
    ...grants,
    // A view shows its owner's rows, and a foreign table has no policies: neither can be fenced, and neither is let through.
    `do $$ begin
  if (select relkind from pg_class where oid = ${literal(name)}::regclass) not in ('r', 'p') then
    raise exception 'row security is for tables, and % is none', ${literal(name)}
      using hint = 'let the catalog name the tables behind it, or leave it out of the catalog';
  end if;
  if pg_has_role(${literal(role)}, (select relowner from pg_class where oid = ${literal(name)}::regclass), 'usage') then
    raise exception 'the role % owns the table %, and owners see all rows', ${literal(role)}, ${literal(name)};
  end if;
  if not (select relrowsecurity from pg_class where oid = ${literal(name)}::regclass) then
    alter table ${name} enable row level security;
    create policy tablewright_others on ${name} using (true) with check (true);
  end if;
end $$`,
    `drop policy if exists tablewright_reads on ${name}`,
    `create policy tablewright_reads on ${name} for select to ${to} using (true)`,
    `drop policy if exists tablewright_organization on ${name}`,
    // Restrictive: no other policy, of the host or ours, can open what this one closes.
    `create policy tablewright_organization on ${name} as restrictive to ${to} using (${own})`,
  ]
}

/** Every table that the planner may read, with the columns it may name. Entities over one table share it. */
function tablesOf(catalog: Catalog): Map<string, Fenced> {
  const tables = new Map<string, Fenced>()
  const of = (entity: Entity): Fenced => {
    const key = JSON.stringify([entity.schema ?? 'public', entity.table])
    const found = tables.get(key) ?? { columns: new Set<string>() }
    tables.set(key, found)
    return found
  }
  for (const entity of Object.values(catalog.entities)) {
    const fenced = of(entity)
    const { tenantKey } = entity
    if (tenantKey !== undefined && fenced.tenantKey !== undefined && fenced.tenantKey !== tenantKey) {
      throw new UserError(
        'invalid_catalog',
        `Cannot fence the table "${entity.table}": two entities give it two tenant keys`,
        {
          fix: 'let all entities over the table have the same tenantKey',
        },
      )
    }
    if (tenantKey !== undefined) {
      fenced.tenantKey = tenantKey
      fenced.columns.add(tenantKey)
    }
    for (const { column } of Object.values(entity.fields)) fenced.columns.add(column)
    for (const { to, on } of Object.values(entity.relations)) {
      const target = catalog.entities[to]
      for (const pair of on) {
        fenced.columns.add(pair.from)
        if (target !== undefined) of(target).columns.add(pair.to)
      }
    }
  }
  return tables
}
