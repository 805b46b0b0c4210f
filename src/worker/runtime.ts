// What Cloudflare hands to a Worker, as far as it is used here.

export type Hyperdrive = { readonly connectionString: string }
export type WorkerEnv = Readonly<Record<string, unknown>> & {
  /** The application store; without SOURCE also the demo data. */
  readonly HYPERDRIVE?: Hyperdrive
  /** The data that is asked about. */
  readonly SOURCE?: Hyperdrive
  /** The built web application. */
  readonly ASSETS?: Assets
}
export type Assets = { readonly fetch: (request: Request) => Promise<Response> }
export type Execution = { readonly waitUntil: (work: Promise<unknown>) => void }
