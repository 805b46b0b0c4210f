// Tokens of a host application that shows tables to its own users. In: a JWT. Out: its claims, mapped to ours.
// Refused: a wrong signature, issuer, audience or algorithm, no expiry, no organization, no user.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import type { HostTokenConfig } from '../config.ts'
import { type Role, roles } from '../db/schema-access.ts'
import { UserError } from '../errors.ts'
import { type KeyScope, keyScopes } from './identity.ts'

/** What a token says, in our words. */
export type HostClaims = {
  readonly issuer: string
  readonly organization: string
  readonly user: string
  readonly name: string
  readonly role: Role
  readonly columnRoles: readonly string[]
  readonly teams: readonly string[]
  readonly scopes: readonly KeyScope[]
}
export type VerifyHostToken = (token: string) => Promise<HostClaims | undefined>

/** Signatures by a key pair; an HMAC is only taken with a secret, so that a public key never serves as one. */
const KEY_PAIR_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const CLOCK_TOLERANCE_SECONDS = 30

/** jose's codes for a token that is wrong; every other failure is about fetching the keys. */
const WRONG_TOKEN = /^ERR_(JWT|JWS|JOSE_ALG|JWKS_(NO|MULTIPLE)_MATCHING_KEY|JOSE_NOT_SUPPORTED)/

/** A verifier over the configured keys; undefined for a token that is not to be believed. Throws `UserError`. */
export function hostTokenVerifier(config: HostTokenConfig, now: () => Date): VerifyHostToken {
  const verify = verifierOf(config, now)
  return async (token) => {
    try {
      return claimsOf((await verify(token)).payload, config)
    } catch (error) {
      if (error instanceof errors.JOSEError && WRONG_TOKEN.test(error.code)) return undefined
      throw new UserError('keys_unavailable', "Cannot check the token: the host application's keys cannot be fetched", {
        fix: 'check JWT_JWKS_URL, and that this server may reach it',
        cause: error,
      })
    }
  }
}

function verifierOf(config: HostTokenConfig, now: () => Date): (token: string) => Promise<{ payload: JWTPayload }> {
  const options = () => ({
    issuer: config.issuer,
    ...(config.audience !== undefined && { audience: config.audience }),
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now(),
    requiredClaims: ['exp'],
  })
  if ('secret' in config.keys) {
    const secret = new TextEncoder().encode(config.keys.secret)
    return (token) => jwtVerify(token, secret, { ...options(), algorithms: ['HS256', 'HS384', 'HS512'] })
  }
  const jwks = createRemoteJWKSet(new URL(config.keys.jwksUrl))
  const withKey = (token: string, key: CryptoKey | typeof jwks) =>
    jwtVerify(token, key as typeof jwks, { ...options(), algorithms: KEY_PAIR_ALGORITHMS })
  return (token) =>
    withKey(token, jwks).catch(async (error: unknown) => {
      // Two keys without names, as while a new one takes the place of an old one: either may have signed.
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
      for await (const key of error) {
        const verified = await withKey(token, key).catch((failed: unknown) => {
          if (!(failed instanceof errors.JWSSignatureVerificationFailed)) throw failed
        })
        if (verified !== undefined) return verified
      }
      throw error
    })
}

function claimsOf(payload: JWTPayload, config: HostTokenConfig): HostClaims | undefined {
  const { claims, issuer } = config
  const organization = textAt(payload, claims.organization)
  const user = textAt(payload, claims.user)
  if (organization === undefined || user === undefined) return undefined
  const given = listAt(payload, claims.roles)
  const scopes = claimAt(payload, claims.scopes) === undefined ? undefined : listAt(payload, claims.scopes)
  return {
    issuer,
    organization,
    user,
    name: textAt(payload, claims.name) ?? user,
    role: roles.findLast((role) => given.includes(role)) ?? 'viewer',
    columnRoles: given.filter((role) => !(roles as readonly string[]).includes(role)),
    teams: listAt(payload, claims.teams),
    scopes: keyScopes.filter((scope) => scopes?.includes(scope) ?? true),
  }
}

/** A claim by its name or, after dots, inside others: `app_metadata.org`. A name that has dots itself is tried first. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path]
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      payload,
    )
}

function textAt(payload: JWTPayload, path: string): string | undefined {
  const value = claimAt(payload, path)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.length > 0 && value.length <= 200 ? value : undefined
}

/** A list of texts, or one text with spaces between, as OAuth writes scopes. */
function listAt(payload: JWTPayload, path: string): string[] {
  const value = claimAt(payload, path)
  if (typeof value === 'string') return value.split(/[\s,]+/).filter(Boolean)
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string').slice(0, 100) : []
}
