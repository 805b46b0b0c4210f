// Every route of the API, by name. A route that is not here is not served; one that is here has a rule and a description.
import { catalogRoutes } from './catalog.ts'
import { conversationRoutes } from './conversations.ts'
import { deliveryRoutes } from './deliveries.ts'
import { documentRoutes } from './documents.ts'
import { exportRoutes } from './export.ts'
import { peopleRoutes } from './people.ts'
import { savedTableRoutes } from './saved-tables.ts'
import { sessionRoutes } from './session.ts'
import { tableRoutes } from './tables.ts'
import { translationRoutes } from './translations.ts'

export const api = {
  ...savedTableRoutes,
  ...deliveryRoutes,
  ...documentRoutes,
  ...tableRoutes,
  ...conversationRoutes,
  ...exportRoutes,
  ...catalogRoutes,
  ...sessionRoutes,
  ...peopleRoutes,
  ...translationRoutes,
}
/** What typed clients are made from. */
export type Api = typeof api
