// The GraphQL-over-HTTP specification, by the audits of the package graphql-http.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { serverAudits } from 'graphql-http'

import { PREFLIGHT, ROUTER_URL } from './router.mjs'

// The audits send GET requests as a browser would; what the router wants to see of those is added.
const fetchFn = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, ...PREFLIGHT } })

for (const audit of serverAudits({ url: ROUTER_URL, fetchFn })) {
  test(`${audit.id} ${audit.name}`, async () => {
    const result = await audit.fn()
    assert.equal(result.status, 'ok', result.reason)
  })
}
