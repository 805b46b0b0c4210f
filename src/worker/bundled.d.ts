// What scripts/build-worker.ts puts into the bundle.
declare module 'bundled:catalog' {
  import type { Catalog } from '../catalog/schema.ts'
  /** Checked when the bundle was built. */
  export const catalog: Catalog
  /** Whether it is that of the demo data. */
  export const isDemo: boolean
}
declare module 'bundled:migrations' {
  /** When each migration that this program knows was made, in order. */
  export const migrations: readonly number[]
}
