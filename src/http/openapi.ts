// The table of routes as an OpenAPI 3.1 document. Its schemas are JSON Schema 2020-12, which zod writes by itself.
import { z } from 'zod'
import { type Rule, rules } from '../access/rules.ts'
import { Definition } from '../definition/schema.ts'
import { type Route, type Tag, tags } from './route.ts'
import { ErrorBody } from './schemas.ts'
import { API_ROOT } from './serve-route.ts'

type Json = Record<string, unknown>
export type OpenApi = {
  readonly openapi: '3.1.1'
  readonly info: Json
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> } & Json
} & Json
export type Operation = {
  readonly operationId: string
  readonly tags: readonly Tag[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly Json[]
  readonly requestBody?: Json
  readonly responses: Readonly<Record<string, Json>>
  readonly security: readonly Json[]
  /** The action and its rule. */
  readonly 'x-access': { readonly action: string } & Rule
}

const COMPONENTS = '#/components/schemas/'
const DEFINITION = 'Definition'

/** The document of a table of routes. */
export function openApi(routes: Readonly<Record<string, Route>>, version: string): OpenApi {
  const { schemas, of } = schemasOf(routes)
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [name, route] of Object.entries(routes)) {
    const path = `${API_ROOT}${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, of) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tablewright',
      version,
      description:
        'Ask for a table in plain words, keep it, share it. Every failure has one body, `Error`; docs/errors.md explains its codes.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'tablewright.session_token' },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key (`twk_…`), or a token of the host application (JWT)',
        },
      },
    },
    tags: tags.map((name) => ({ name })),
  }
}

type Place = 'body' | 'response' | 'params' | 'query'
type SchemaOf = (name: string, place: Place) => Json

/** All schemas made in one go, so that what has a name is described once. */
function schemasOf(routes: Readonly<Record<string, Route>>): { schemas: Record<string, Json>; of: SchemaOf } {
  const places: readonly Place[] = ['body', 'response', 'params', 'query']
  const all: Record<string, z.ZodType> = { error: ErrorBody, definition: Definition.meta({ id: DEFINITION }) }
  for (const [name, route] of Object.entries(routes)) {
    for (const place of places) {
      const schema = route[place]
      if (schema !== undefined) all[`${name} ${place}`] = schema
    }
  }
  const made = z.toJSONSchema(z.object(all), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // zod's patterns for dates are pages long and say no more than the format does.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      if (jsonSchema.definition !== true) return
      delete jsonSchema.definition
      jsonSchema.$ref = `#/$defs/${DEFINITION}`
    },
  }) as { properties: Record<string, Json>; $defs: Record<string, Json> }
  const renamed = JSON.parse(
    JSON.stringify(made)
      .replaceAll('"#/$defs/__schema', `"${COMPONENTS}Part`)
      .replaceAll('"#/$defs/', `"${COMPONENTS}`),
  ) as typeof made
  const schemas = Object.fromEntries(
    Object.entries(renamed.$defs).map(([name, schema]) => [name.replace(/^__schema/, 'Part'), schema]),
  )
  return { schemas, of: (name, place) => renamed.properties[`${name} ${place}`] ?? {} }
}

function operation(name: string, route: Route, of: SchemaOf): Operation {
  const rule: Rule = rules[route.action]
  const parameters = [
    ...fields(of(name, 'params')).map(([field, schema]) => ({ name: field, in: 'path', required: true, schema })),
    ...fields(of(name, 'query')).map(([field, { description, ...schema }, required]) => ({
      name: field,
      in: 'query',
      required,
      ...(description !== undefined && { description }),
      schema,
    })),
    ...headersOf(route),
  ]
  const failures = failuresOf(route, rule)
  const error = { 'application/json': { schema: { $ref: `${COMPONENTS}Error` } } }
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== undefined && {
      requestBody: {
        required: route.bodyOptional !== true,
        content: { 'application/json': { schema: of(name, 'body') } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        [route.status ?? 200, ...(route.otherStatuses ?? [])].map((status) => [
          status,
          { description: SUCCESS[status], content: contentOf(name, route, of) },
        ]),
      ),
      ...(isTagged(route) && { 304: { description: 'As it was' } }),
      ...Object.fromEntries(failures.map(([status, description]) => [status, { description, content: error }])),
    },
    security: rule.who === 'anyone' ? [] : [{ session: [] }, { bearer: [] }],
    'x-access': { action: route.action, ...rule },
  }
}

const SUCCESS = { 200: 'Done', 201: 'Made', 202: 'Under way' } as const

function contentOf(name: string, route: Route, of: SchemaOf): Json {
  return {
    ...(route.file === undefined
      ? { 'application/json': { schema: of(name, 'response') } }
      : Object.fromEntries(route.file.map((type) => [type, {}]))),
    ...(route.events !== undefined && {
      'text/event-stream': { schema: { type: 'string', description: `Events: ${route.events}` } },
    }),
  }
}

function fields(schema: Json): [string, Json, boolean][] {
  const properties = (schema.properties ?? {}) as Record<string, Json>
  const required = (schema.required ?? []) as string[]
  return Object.entries(properties).map(([name, field]) => [name, field, required.includes(name)])
}

const isTagged = (route: Route): boolean =>
  route.method === 'GET' && route.file === undefined && route.events === undefined

function headersOf(route: Route): Json[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  })
  return [
    ...(route.ifMatch === undefined
      ? []
      : [header('If-Match', false, 'The ETag of what was read; a change that happened since is then not overwritten')]),
    ...(isTagged(route)
      ? [
          header(
            'If-None-Match',
            false,
            'The ETag of what one has; when it is still that, the answer is 304 without a body',
          ),
        ]
      : []),
    ...(route.idempotent
      ? [header('Idempotency-Key', false, 'Any text of your own; the same call repeated with it makes nothing twice')]
      : []),
  ]
}

function failuresOf(route: Route, rule: Rule): [number, string][] {
  const runs = ['Asking', 'Conversations', 'Tables', 'Dashboards', 'Views', 'Reports'].includes(route.tag)
  const all: [number, string, boolean][] = [
    [400, 'The request has the wrong shape', true],
    [401, 'Nobody is signed in, or the credential is not good', true],
    [403, 'Not allowed', rule.who !== 'anyone' || route.method !== 'GET'],
    [
      404,
      'Not there, or not to be seen',
      route.params !== undefined || route.body !== undefined || runs || route.tag === 'Session',
    ],
    [409, 'Not possible as things are', route.method !== 'GET'],
    [410, 'The result is gone; begin again', route.path.endsWith('/rows')],
    [412, 'Somebody changed it since', route.ifMatch !== undefined],
    [413, 'The body is too large', route.body !== undefined],
    [415, 'The body is not JSON', route.body !== undefined],
    [422, 'The definition has issues, or the key stood for another request', route.body !== undefined || runs],
    [428, 'A version is needed', route.ifMatch === 'required'],
    [429, 'Too many requests', true],
    [499, 'The one who asked has gone', true],
    [500, 'A mistake of ours', true],
    [502, 'The language model failed', runs],
    [503, 'The data cannot be read now', true],
    [504, 'The query took too long', runs],
  ]
  return all.flatMap(([status, description, applies]) => (applies ? [[status, description]] : []))
}
