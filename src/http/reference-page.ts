// The reference page: an OpenAPI document as HTML that reads without scripts.
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { OpenApi, Operation } from './openapi.ts'
import { schemaHtml } from './schema-html.ts'

type Html = HtmlEscapedString | Promise<HtmlEscapedString>
type Listed = { readonly method: string; readonly path: string; readonly operation: Operation }
type Json = Readonly<Record<string, unknown>>

const TAGS: Readonly<Record<string, string>> = {
  Asking: 'Make, run and check tables. Nothing is kept.',
  Tables: 'Tables that were saved: their life, who sees them, their rows.',
  Session: 'Signing in and out. Programs send a key instead.',
  People: 'Members, teams and invitations of an organization.',
  Keys: 'Keys that programs sign in with.',
  Audit: 'Who did what.',
}

/** The whole page. */
export function referencePage(document: OpenApi): Html {
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const tags = Object.keys(TAGS).filter((tag) => listed.some(({ operation }) => operation.tags.some((t) => t === tag)))
  const ofTag = (tag: string) => listed.filter(({ operation }) => operation.tags.some((t) => t === tag))
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Tablewright API</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/reference.css" />
  </head>
  <body>
    <nav aria-label="Routes">
      <a class="home" href="/">Tablewright</a>
      ${tags.map(
        (tag) => html`<h2>${tag}</h2>
          <ul>
            ${ofTag(tag).map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}
          </ul>`,
      )}
      <h2>Shapes</h2>
      <ul>
        ${shapes(document).map(([name]) => html`<li><a href="#shape-${name}">${name}</a></li>`)}
      </ul>
    </nav>
    <main>
      <header>
        <h1>Tablewright API</h1>
        <p>
          JSON over HTTP. Programs send <code>Authorization: Bearer KEY</code>; every failure has one body,
          <a href="#shape-Error">Error</a>. The same as <a href="/openapi.json">OpenAPI 3.1</a>.
        </p>
      </header>
      ${tags.map(
        (tag) => html`<section>
          <h2>${tag}</h2>
          <p class="lead">${TAGS[tag] ?? ''}</p>
          ${ofTag(tag).map(routeHtml)}
        </section>`,
      )}
      <section>
        <h2>Shapes</h2>
        ${shapes(document).map(
          ([name, schema]) => html`<article id="shape-${name}">
            <h3>${name}</h3>
            <pre>${raw(schemaHtml(schema))}</pre>
          </article>`,
        )}
      </section>
    </main>
  </body>
</html>`
}

function routeHtml({ method, path, operation }: Listed): Html {
  const { summary, description, parameters = [], requestBody, responses } = operation
  const [status = '', success] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? []
  const failures = Object.keys(responses).filter((code) => !code.startsWith('2'))
  return html`<article id="${operation.operationId}">
    <h3>${summary}</h3>
    <p class="address"><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></p>
    ${description === undefined ? '' : html`<p>${inlineCode(description)}</p>`}
    <p class="who">${whoMay(operation)}</p>
    ${
      parameters.length === 0
        ? ''
        : html`<table>
            <tbody>
              ${parameters.map(parameterHtml)}
            </tbody>
          </table>`
    }
    ${requestBody === undefined ? '' : html`<h4>Body</h4><pre>${raw(schemaHtml(jsonOf(requestBody)))}</pre>`}
    <h4>Answer ${status}</h4>
    <pre>${raw(schemaHtml(jsonOf(success ?? {})))}</pre>
    ${eventsHtml(success ?? {})}
    <p class="failures">Failures: ${failures.join(', ')}</p>
  </article>`
}

function parameterHtml(parameter: Json): Html {
  const { name, description = '', schema } = parameter
  const fallback = (schema as Json).default
  const place = parameter.in === 'path' ? 'in the address' : parameter.in === 'query' ? 'query' : 'header'
  return html`<tr>
    <th scope="row"><code>${String(name)}</code></th>
    <td>${place}${parameter.required === true && parameter.in !== 'path' ? ', required' : ''}</td>
    <td><code>${raw(schemaHtml(schema as Json))}</code></td>
    <td>${inlineCode(String(description))}${fallback === undefined ? '' : ` ${JSON.stringify(fallback)} if not given`}</td>
  </tr>`
}

function eventsHtml(response: Json): Html | string {
  const content = response.content as Record<string, { schema?: Json }> | undefined
  const events = content?.['text/event-stream']?.schema?.description
  if (typeof events !== 'string') return ''
  return html`<p>With <code>Accept: text/event-stream</code> it comes in steps. ${inlineCode(events)}</p>`
}

function whoMay({ 'x-access': rule }: Operation): string {
  if (rule.who === 'anyone') return 'Anybody.'
  if (rule.who === 'asker') return `Members; with demo data also visitors. Keys need the scope “${rule.scope}”.`
  const role = { viewer: 'Every member', editor: 'Editors and admins', admin: 'Admins' }[rule.role]
  const part = { view: ' who may see the table', edit: ' who may change the table', own: ' who own the table' }
  const key = rule.inPerson ? ' Not with a key.' : ` Keys need the scope “${rule.scope}”.`
  return `${role}${rule.table === undefined ? '' : part[rule.table]}.${key}`
}

function shapes(document: OpenApi): [string, Json][] {
  return Object.entries(document.components.schemas)
    .filter(([name]) => !/^Part\d+$/.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function jsonOf(part: Json): Json {
  const content = part.content as Record<string, { schema?: Json }> | undefined
  return content?.['application/json']?.schema ?? {}
}

/** Text with `code` in it. */
function inlineCode(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
