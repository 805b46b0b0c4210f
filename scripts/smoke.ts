// Asks a server that is just starting for one table and looks at what comes back.
// In: its address. Exit code 1 when it does not get ready, or answers without rows.
const [url = 'http://127.0.0.1:8787'] = process.argv.slice(2)
const READY_WITHIN_MS = 180_000

async function ready(): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until) {
    const fine = await fetch(`${url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    )
    if (fine) return
    await new Promise((done) => setTimeout(done, 250))
  }
  throw new Error(`not ready within ${READY_WITHIN_MS / 1000} s`)
}

await ready()
const response = await fetch(`${url}/api/v1/tables/generate`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ prompt: 'number of donations by payment method' }),
})
const answer = (await response.json()) as { kind?: string; sentence?: string; rows?: unknown[] }
if (!response.ok || answer.kind !== 'answer' || (answer.rows?.length ?? 0) === 0) {
  throw new Error(`no rows: ${response.status} ${JSON.stringify(answer).slice(0, 500)}`)
}
const page = await fetch(url, { headers: { Accept: 'text/html' } })
if (!page.ok || !(await page.text()).includes('id="root"')) throw new Error(`no page: ${page.status}`)
console.log(`${answer.rows?.length} rows: ${answer.sentence}`)
