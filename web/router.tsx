import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { AskScreen } from './ask/AskScreen.tsx'
import { NotFound } from './shell/NotFound.tsx'
import { Shell } from './shell/Shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const ask = createRoute({ getParentRoute: () => root, path: '/', component: AskScreen })

export const router = createRouter({ routeTree: root.addChildren([ask]), defaultPreload: 'intent' })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
