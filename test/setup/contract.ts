// Holds every answer of the application to its own description: status, media type and body must be those of
// /openapi.json. Every test that serves the application is a test of the document too.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { api } from '../../src/http/api.ts'
import { type OpenApi, type Operation, openApi } from '../../src/http/openapi.ts'

type Described = {
  readonly method: string
  readonly pattern: RegExp
  readonly pointer: string
  readonly operation: Operation
}

export type Contract = {
  /** Looks at one answer; what is wrong is told at the end. */
  readonly look: (method: string, url: string, response: Response) => Promise<void>
  /** Every answer that was not as described. */
  readonly faults: readonly string[]
}

let shared: { document: OpenApi; routes: readonly Described[]; ajv: Ajv2020 } | undefined
const compiled = new Map<string, ValidateFunction>()

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1')

function description() {
  if (shared !== undefined) return shared
  const document = openApi(api, 'test')
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  // Both are published as CommonJS with a default that Node hides one step deeper.
  ;(formats as unknown as { default: (to: Ajv2020) => void }).default(ajv)
  ajv.addSchema({ $id: 'api', ...document })
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Described => {
      const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)
      return { method: method.toUpperCase(), pattern, pointer: `#/paths/${escaped(path)}/${method}`, operation }
    }),
  )
  // Addresses without parameters come first, as in the router.
  routes.sort((a, b) => Number(a.pointer.includes('{')) - Number(b.pointer.includes('{')))
  shared = { document, routes, ajv }
  return shared
}

/** A contract for one application. */
export function contract(): Contract {
  const faults: string[] = []
  async function look(method: string, url: string, response: Response): Promise<void> {
    const { pathname } = new URL(url)
    const route = description().routes.find((one) => one.method === method && one.pattern.test(pathname))
    if (route === undefined) {
      const known = response.status >= 400 || method === 'HEAD' || method === 'OPTIONS'
      if (pathname.startsWith('/api/') && !known)
        faults.push(`${method} ${pathname} answered ${response.status}, but is not described`)
      return
    }
    const { operation, pointer } = route
    const what = `${operation.operationId} answered ${response.status}`
    const described = operation.responses[String(response.status)]
    if (described === undefined) return void faults.push(`${what}, which is not described`)
    const type = (response.headers.get('content-type') ?? '').replace(/;.*/, '').trim()
    const types = Object.keys(described.content ?? {}).map((key) => key.replace(/;.*/, ''))
    if (described.content === undefined && type === '' && response.body === null) return
    if (!types.includes(type)) return void faults.push(`${what} as "${type}", which is not described`)
    if (type !== 'application/json') return
    const body = await jsonOf(response)
    const at = `${pointer}/responses/${response.status}/content/${escaped(type)}/schema`
    const validate = compiled.get(at) ?? description().ajv.compile({ $ref: `api${at}` })
    compiled.set(at, validate)
    if (!validate(body))
      faults.push(`${what}: ${description().ajv.errorsText(validate.errors)}: ${JSON.stringify(body).slice(0, 300)}`)
  }
  return { look, faults }
}

async function jsonOf(response: Response): Promise<unknown> {
  const encoding = response.headers.get('content-encoding')
  if (encoding === null || response.body === null) return response.json()
  return new Response(response.body.pipeThrough(new DecompressionStream(encoding as 'gzip'))).json()
}
