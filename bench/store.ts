// What the API's own routes cost as an organization keeps more: the same calls over a small store and one a hundred times
// its size. Each row of it is of one organization, so that nothing is spared by an index on the organization alone.
import postgres from 'postgres'
import { postgresStore } from '../src/db/store.ts'
import { addPerson } from '../test/setup/app.ts'
import { createDatabase } from '../test/setup/postgres.ts'
import { serve } from './load.ts'
import { median, ms, type Part, times, whole } from './report.ts'

const SIZES = [200, 20_000] as const
const ROUNDS = 9
const organizationId = 'brightwater'
const definition = {
  version: 1,
  dataSources: ['campaigns'],
  groupBy: [{ field: 'channel' }],
  aggregates: [{ id: 'n', fn: 'count' }],
}

export const store: Part = async ({ server, say }) => {
  const { url } = await server()
  const found: Map<string, number>[] = []
  for (const size of SIZES) {
    say(`a store of ${whole(size)} tables`)
    found.push(await measure(await createDatabase(url, `bench_store_${size}`), size))
  }
  const [small, large] = found
  const rows = [...(large ?? [])].map(([name, took]) => {
    const before = small?.get(name) ?? Number.NaN
    return { name, took, before, grew: took / before }
  })
  return {
    title: 'The store: its own routes as it grows',
    how: `An organization with ${SIZES.map(whole).join(' and ')} tables, and ten times as many versions, lines of the log, deliveries and translations; medians of ${ROUNDS} calls one after another by an admin.`,
    sections: [
      {
        head: ['call', ...SIZES.map((size) => `${whole(size)} tables`), 'grew'],
        rows: rows
          .sort((a, b) => b.took - b.before - (a.took - a.before))
          .map(({ name, before, took, grew }) => [name, ms(before), ms(took), times(grew)]),
      },
    ],
  }
}

async function measure(databaseUrl: string, size: number): Promise<Map<string, number>> {
  const own = await serve(databaseUrl, ['--rows', '2000'])
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    const db = postgresStore(databaseUrl, { maxConnections: 1 })
    const person = await addPerson(db as never, { organizationId, role: 'admin' }).finally(() => db.close())
    const ask = asker(`${own.url}/api/v1`, person.secret)
    const id = (n: number): string => `tbl_${String(n).padStart(20, '0')}`
    await fill(sql, { size, userId: person.userId })
    const made = await ask('POST', '/dashboards', {
      ...{ name: 'Bench', visibility: 'ORG' },
      tiles: [{ id: 'a', tableId: id(1), x: 0, y: 0, width: 6, height: 4 }],
    })
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['list tables', () => ask('GET', '/tables?limit=50')],
      ['list tables, by name', () => ask('GET', '/tables?limit=50&sort=name')],
      ['search tables', () => ask('GET', '/tables?limit=50&search=Table%20199')],
      ['read a table', () => ask('GET', `/tables/${id(7)}`)],
      ['rows of a table', () => ask('GET', `/tables/${id(7)}/rows`)],
      ['refresh a table', () => ask('POST', `/tables/${id(8)}/refresh`, {})],
      ['history of a table', () => ask('GET', `/tables/${id(7)}/history`)],
      ['deliveries of a table', () => ask('GET', `/tables/${id(7)}/deliveries`)],
      ['create a table', () => ask('POST', '/tables', { name: 'New', definition })],
      ['all deliveries', () => ask('GET', '/deliveries')],
      ['list dashboards', () => ask('GET', '/dashboards')],
      ['read a dashboard', () => ask('GET', `/dashboards/${made.id}`)],
      ['refresh a dashboard', () => ask('POST', `/dashboards/${made.id}/refresh`, {})],
      ['list reports', () => ask('GET', '/reports')],
      ['list views', () => ask('GET', '/views')],
      ['what was deleted', () => ask('GET', '/deleted')],
      ['exports', () => ask('GET', '/exports')],
      ['conversations', () => ask('GET', '/conversations')],
      ['recent prompts', () => ask('GET', '/recent-prompts')],
      ['people', () => ask('GET', '/people')],
      ['the log', () => ask('GET', '/audit')],
      ['verified prompts', () => ask('GET', '/verified-prompts')],
      ['usage', () => ask('GET', '/usage')],
      ['make a table from words', () => ask('POST', '/tables/generate', { prompt: 'number of campaigns by channel' })],
      ['metrics', async () => void (await (await fetch(`${own.url}/metrics`)).text())],
    ]
    const took = new Map<string, number>()
    for (const [name, call] of calls) {
      const all: number[] = []
      for (let round = 0; round <= ROUNDS; round += 1) {
        const begun = performance.now()
        await call()
        // The first one plans and opens connections.
        if (round > 0) all.push(performance.now() - begun)
      }
      took.set(name, median(all))
    }
    return took
  } finally {
    await sql.end()
    own.child.kill('SIGTERM')
  }
}

type Ask = (method: string, path: string, body?: object) => Promise<{ readonly id?: string }>

function asker(api: string, secret: string): Ask {
  return async (method, path, body) => {
    const headers = { Authorization: `Bearer ${secret}`, ...(body && { 'Content-Type': 'application/json' }) }
    const response = await fetch(`${api}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const answer = (await response.json()) as { readonly id?: string }
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${JSON.stringify(answer)}`)
    return answer
  }
}

/** Rows as the API would have written them in years of use, in one statement a table. */
async function fill(sql: postgres.Sql, { size, userId }: { size: number; userId: string }): Promise<void> {
  const made = sql.json(definition)
  const of = { o: organizationId, u: userId }
  await sql.unsafe('set search_path to tablewright')
  await sql`insert into tables (organization_id, id, name, created_via, definition, visibility, created_by, owner_id, updated_by,
      updated_at, ai_prompt, deleted_at)
    select ${of.o}, 'tbl_' || lpad(n::text, 20, '0'), 'Table ' || n, 'BUILDER', ${made}, (array['PRIVATE', 'ORG'])[n % 2 + 1],
      ${of.u}, ${of.u}, ${of.u}, now() - n * interval '1 minute', 'number of campaigns ' || n,
      case when n % 20 = 19 then now() end
    from generate_series(1, ${size}::int) n`
  await sql`insert into table_versions (organization_id, table_id, version, kind, name, description, definition, changed_by)
    select ${of.o}, id, v, 'updated', name, '', definition, ${of.u} from tables, generate_series(1, 10) v where created_by = ${of.u}`
  await sql`insert into cached_results (organization_id, id, table_id, permission_class, timezone, definition_hash, head,
      row_count, truncated, bytes, as_of)
    select ${of.o}, 'res_' || n || '_' || v, 'tbl_' || lpad(n::text, 20, '0'), 'other', 'UTC', 'other', '{}', 5, false, 100, now()
    from generate_series(1, ${size}::int) n, generate_series(1, 2) v`
  await sql`insert into audit_log (organization_id, id, at, actor_id, via, action, subject_kind, subject_id)
    select ${of.o}, 'aud_' || lpad(n::text, 20, '0'), now() - n * interval '1 minute', ${of.u}, 'session', 'tables.update', 'table',
      'tbl_' || lpad((n % ${size}::int + 1)::text, 20, '0') from generate_series(1, ${size * 10}::int) n`
  await sql`insert into deliveries (organization_id, id, table_id, kind, occurrence, recipient, config, run_as, state,
      next_attempt_at, created_at, finished_at)
    select ${of.o}, 'dlv_' || lpad(n::text, 20, '0'), 'tbl_' || lpad((n % ${size}::int + 1)::text, 20, '0'), 'scheduled',
      now() - n * interval '1 minute', 'a@example.org', '{}', ${of.u}, 'sent', now(), now() - n * interval '1 minute', now()
    from generate_series(1, ${size * 10}::int) n`
  await sql`insert into documents (organization_id, id, kind, name, content, visibility, created_by, owner_id, updated_by)
    select ${of.o}, (array['dsh', 'rep'])[n % 2 + 1] || '_' || lpad(n::text, 20, '0'),
      (array['dashboard', 'report'])[n % 2 + 1], 'Document ' || n, '{}', 'ORG', ${of.u}, ${of.u}, ${of.u}
    from generate_series(1, ${Math.ceil(size / 5)}::int) n
    union all select ${of.o}, 'vew_' || n, 'view', 'View ' || n, jsonb_build_object('tableId', 'tbl_' || lpad(n::text, 20, '0'),
      'section', 'Reports', 'position', n), 'ORG', ${of.u}, ${of.u}, ${of.u}
    from generate_series(1, ${Math.ceil(size / 100)}::int) n`
  await sql`insert into placements (organization_id, document_id, table_id)
    select organization_id, id, 'tbl_' || lpad(((((row_number() over (order by id)) * 4 + n) % ${size}::int + 1))::text, 20, '0')
    from documents, generate_series(1, 4) n where created_by = ${of.u} and kind <> 'view'
    on conflict do nothing`
  await sql`insert into conversations (organization_id, id, user_id, title, turn_count)
    select ${of.o}, 'cnv_' || lpad(n::text, 20, '0'), ${of.u}, 'Conversation ' || n, 4 from generate_series(1, ${Math.ceil(size / 4)}::int) n`
  await sql`insert into conversation_turns (organization_id, conversation_id, number, at, prompt, kind, answer)
    select ${of.o}, id, t, now(), 'number of campaigns ' || id || t, 'answer', '{}' from conversations, generate_series(1, 4) t`
  await sql`insert into translations (organization_id, id, at, user_id, translator, outcome, follow_up, elapsed_ms)
    select ${of.o}, 'trn_' || lpad(n::text, 20, '0'), now() - n * interval '1 minute', ${of.u}, 'builtin', 'answer', false, 5
    from generate_series(1, ${size * 10}::int) n`
  await sql`insert into verified_prompts (organization_id, table_id, prompt, prompt_key, definition, verified_by, verified_at)
    select ${of.o}, id, ai_prompt, ai_prompt, definition, ${of.u}, now() from tables where ai_prompt is not null and deleted_at is null
    order by id limit ${Math.ceil(size / 20)}`
  await sql`insert into exports (organization_id, id, subject_id, user_id, format, timezone, state)
    select ${of.o}, 'exp_' || lpad(n::text, 20, '0'), 'tbl_' || lpad('1', 20, '0'), ${of.u}, 'csv', 'UTC', 'done'
    from generate_series(1, ${Math.ceil(size / 10)}::int) n`
  await sql.unsafe('vacuum analyze')
}
