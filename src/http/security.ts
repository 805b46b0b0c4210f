import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/** Headers that confine the page: own scripts and styles only, no framing, nothing inline. */
export function securityHeaders(options: { https: boolean }): MiddlewareHandler {
  const headers = common(options)
  return async (c, next) => {
    const own = new Map<string, string>()
    await headers(c, async () => {
      await next()
      for (const name of OWN) {
        const value = c.res.headers.get(name)
        if (value !== null) own.set(name, value)
      }
    })
    for (const [name, value] of own) c.res.headers.set(name, value)
  }
}

/** A page may confine itself otherwise, as one with a form must. */
const OWN = ['Content-Security-Policy', 'X-Frame-Options']

function common(options: { https: boolean }) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [] },
    strictTransportSecurity: options.https ? 'max-age=31536000; includeSubDomains' : false,
  })
}
