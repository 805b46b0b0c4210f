// The MCP server of one caller: its tools, and the language as a resource. Errors are told as the API tells them.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { Call } from '../context.ts'
import { asUserError } from '../errors.ts'
import { version } from '../lib/version.ts'
import { languageReference } from './reference.ts'
import { runTool, type Tool, type ToolName, tools } from './tools.ts'

const INSTRUCTIONS =
  'Tables of an organization’s data, asked for in plain words. Call discover first. Every table comes with the exact sentence of what it shows: read it before you report a number, and show it with the number.'

/** A server whose tools act for the caller. */
export function mcpServer(call: Call): McpServer {
  const server = new McpServer({ name: 'tablewright', version }, { instructions: INSTRUCTIONS })
  for (const [name, tool] of Object.entries(tools) as [ToolName, Tool][]) {
    const { title, description, input, readOnly } = tool
    const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false }
    server.registerTool(name, { title, description, inputSchema: input, annotations }, async (given, { signal }) => {
      const signals = [signal, ...(call.signal ? [call.signal] : [])]
      return answered(call, name, runTool(name, { ...call, signal: AbortSignal.any(signals) }, given as never))
    })
  }
  server.registerResource(
    'language',
    'tablewright://language',
    { title: 'The language of table definitions', mimeType: 'text/markdown' },
    async (uri) => ({ contents: [{ uri: uri.href, mimeType: 'text/markdown', text: languageReference() }] }),
  )
  return server
}

async function answered(
  { ctx, identity, requestId }: Call,
  name: ToolName,
  work: Promise<object>,
): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await work) }] }
  } catch (error) {
    const known = asUserError(error)
    const { organizationId } = identity
    if (known === undefined) ctx.log.error({ err: error, requestId, organizationId, tool: name }, 'an MCP tool failed')
    const { code = 'internal', message = 'Something went wrong on our side', fix, issues } = known ?? {}
    const told = { code, message, ...(fix && { fix }), ...(issues && { issues }), requestId }
    return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error: told }) }] }
  }
}
