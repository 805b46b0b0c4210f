import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { AskScreen } from './ask/AskScreen.tsx'
import { readFilters } from './dashboards/search.ts'
import { deliverySearch, readState } from './deliveries/search.ts'
import type { State } from './deliveries/states.ts'
import { librarySearch } from './library/search.ts'
import { readSearch } from './settings/sections.ts'
import { NotFound } from './shell/NotFound.tsx'
import { Shell } from './shell/Shell.tsx'
import { readShow } from './ui/Tabs.tsx'
import { readFind } from './ui/useFind.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const ask = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: AskScreen,
  validateSearch: (search: Record<string, unknown>): { conversation?: string } =>
    typeof search.conversation === 'string' ? { conversation: search.conversation } : {},
})
const conversations = createRoute({
  getParentRoute: () => root,
  path: '/conversations',
  validateSearch: readFind,
  component: lazyRouteComponent(() => import('./conversations/ConversationsScreen.tsx'), 'ConversationsScreen'),
})
const library = createRoute({
  getParentRoute: () => root,
  path: '/tables',
  validateSearch: librarySearch,
  component: lazyRouteComponent(() => import('./library/LibraryScreen.tsx'), 'LibraryScreen'),
})
const table = createRoute({
  getParentRoute: () => root,
  path: '/tables/$id',
  // `?schedule` opens the dialog.
  validateSearch: (
    search: Record<string, unknown>,
  ): { schedule?: true; show?: 'deliveries' | 'history'; state?: State } => ({
    ...('schedule' in search && search.schedule !== false && { schedule: true }),
    ...readShow(['deliveries', 'history'], search),
    ...(search.show === 'deliveries' && readState(search)),
  }),
  component: lazyRouteComponent(() => import('./library/TableScreen.tsx'), 'TableScreen'),
})

const deleted = createRoute({
  getParentRoute: () => root,
  path: '/deleted',
  component: lazyRouteComponent(() => import('./library/DeletedScreen.tsx'), 'DeletedScreen'),
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
const dashboards = createRoute({
  getParentRoute: () => root,
  path: '/dashboards',
  validateSearch: readFind,
  component: lazyRouteComponent(() => import('./dashboards/DashboardsScreen.tsx'), 'DashboardsScreen'),
})
const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/dashboards/$id',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('./dashboards/DashboardScreen.tsx'), 'DashboardScreen'),
})
const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  validateSearch: readFind,
  component: lazyRouteComponent(() => import('./reports/ReportsScreen.tsx'), 'ReportsScreen'),
})
const report = createRoute({
  getParentRoute: () => root,
  path: '/reports/$id',
  validateSearch: (search: Record<string, unknown>): { show?: 'deliveries'; state?: State } => ({
    ...readShow(['deliveries'], search),
    ...(search.show === 'deliveries' && readState(search)),
  }),
  component: lazyRouteComponent(() => import('./reports/ReportScreen.tsx'), 'ReportScreen'),
})
const views = createRoute({
  getParentRoute: () => root,
  path: '/views',
  component: lazyRouteComponent(() => import('./views/ViewsScreen.tsx'), 'ViewsScreen'),
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
  routeTree: root.addChildren([
    ask,
    conversations,
    library,
    table,
    deleted,
    build,
    dashboards,
    dashboard,
    reports,
    report,
    views,
    schedules,
    deliveries,
    exportsList,
    settings,
    settingsSection,
    join,
  ]),
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
