// The API's description is valid OpenAPI 3.1 by somebody else's judgement, names nothing that is not there, and every
// answer of every test is held to it (test/setup/contract.ts).
import { compileErrors, validate } from '@readme/openapi-parser'
import { describe, expect, test } from 'vitest'
import { api } from '../../src/http/api.ts'
import { openApi } from '../../src/http/openapi.ts'
import { contract } from '../setup/contract.ts'

const document = openApi(api, '1.0.0')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)

describe('the document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const result = await validate(structuredClone(document) as never)
    expect(result.valid ? [] : compileErrors(result)).toEqual([])
    expect(result).toMatchObject({ specification: 'OpenAPI', warnings: [] })
  })

  test('is not valid when something in it is broken', async () => {
    const { title: _title, ...info } = document.info
    const broken = { ...structuredClone(document), info }
    const result = await validate(broken as never)
    expect(result.valid).toBe(false)
  })

  test('has an operation for each route, each with its own name, known tags, its parameters and its failures', () => {
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    expect(names.sort()).toEqual(Object.keys(api).sort())
    const tags = (document.tags as { name: string }[]).map(({ name }) => name)
    for (const { path, operation } of operations) {
      for (const tag of operation.tags) expect(tags, operation.operationId).toContain(tag)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const described = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name)
      expect(described, operation.operationId).toEqual(inPath)
      expect(Object.keys(operation.responses), operation.operationId).toContain('500')
      if (operation.security.length > 0) expect(Object.keys(operation.responses)).toContain('401')
    }
  })

  test('leaves no schema undescribed: every reference leads somewhere', () => {
    const text = JSON.stringify(document)
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(Object.keys(document.components.schemas), name).toContain(name)
    expect(text).not.toContain('#/$defs')
  })
})

describe('the contract that all tests are held to', () => {
  const json = (body: unknown, status = 200) => Response.json(body, { status })
  const faultsOf = async (response: Response) => {
    const { look, faults } = contract()
    await look('GET', 'http://x/api/v1/tables', response)
    return faults
  }

  test('takes an answer as described, and no other', async () => {
    expect(await faultsOf(json({ tables: [] }))).toEqual([])
    expect(await faultsOf(json({ error: { code: 'unauthenticated', message: 'm', requestId: 'r' } }, 401))).toEqual([])
    expect(await faultsOf(json({ tables: [], extra: 1 }))).toHaveLength(1)
    expect(await faultsOf(json({ tables: [{}] }))).toHaveLength(1)
    expect(await faultsOf(json({ error: { code: 'no_such_code', message: 'm', requestId: 'r' } }, 401))).toHaveLength(1)
    expect(await faultsOf(json({ tables: [] }, 418))).toHaveLength(1)
    expect(await faultsOf(new Response('hello', { headers: { 'Content-Type': 'text/plain' } }))).toHaveLength(1)
  })
})
