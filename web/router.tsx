import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { AskScreen } from './ask/AskScreen.tsx'
import { readSearch } from './settings/sections.ts'
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
  component: lazyRouteComponent(() => import('./library/TableScreen.tsx'), 'TableScreen'),
})

const build = createRoute({
  getParentRoute: () => root,
  path: '/build',
  validateSearch: (search: Record<string, unknown>): { table?: string } =>
    typeof search.table === 'string' ? { table: search.table } : {},
  component: lazyRouteComponent(() => import('./builder/BuilderScreen.tsx'), 'BuilderScreen'),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'members' }, replace: true })
  },
})
const settingsSection = createRoute({
  getParentRoute: () => root,
  path: '/settings/$section',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./settings/SettingsScreen.tsx'), 'SettingsScreen'),
})
const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('./join/JoinScreen.tsx'), 'JoinScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([ask, library, table, build, settings, settingsSection, join]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
