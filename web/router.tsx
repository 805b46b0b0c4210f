import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { AskScreen } from './ask/AskScreen.tsx'
import { deliverySearch } from './deliveries/search.ts'
import { NotFound } from './shell/NotFound.tsx'
import { Shell } from './shell/Shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const ask = createRoute({ getParentRoute: () => root, path: '/', component: AskScreen })
const library = createRoute({
  getParentRoute: () => root,
  path: '/tables',
  component: lazyRouteComponent(() => import('./library/LibraryScreen.tsx'), 'LibraryScreen'),
})
const table = createRoute({
  getParentRoute: () => root,
  path: '/tables/$id',
  // `?schedule` opens the dialog.
  validateSearch: (search: Record<string, unknown>): { schedule?: true } =>
    'schedule' in search && search.schedule !== false ? { schedule: true } : {},
  component: lazyRouteComponent(() => import('./library/TableScreen.tsx'), 'TableScreen'),
})

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  component: lazyRouteComponent(() => import('./schedules/SchedulesScreen.tsx'), 'SchedulesScreen'),
})
const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/deliveries',
  validateSearch: deliverySearch,
  component: lazyRouteComponent(() => import('./deliveries/DeliveriesScreen.tsx'), 'DeliveriesScreen'),
})
const exportsList = createRoute({
  getParentRoute: () => root,
  path: '/exports',
  component: lazyRouteComponent(() => import('./exports/ExportsScreen.tsx'), 'ExportsScreen'),
})

const build = createRoute({
  getParentRoute: () => root,
  path: '/build',
  validateSearch: (search: Record<string, unknown>): { table?: string } =>
    typeof search.table === 'string' ? { table: search.table } : {},
  component: lazyRouteComponent(() => import('./builder/BuilderScreen.tsx'), 'BuilderScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([ask, library, table, build, schedules, deliveries, exportsList]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
