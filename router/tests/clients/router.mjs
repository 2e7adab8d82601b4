// What the tests of all clients share.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

/** The router that a test runs against: the address of its `/graphql`. */
export const ROUTER_URL = process.env.ROUTER_URL
if (!ROUTER_URL) {
  throw new Error('ROUTER_URL is missing: `cargo test -p setwise-router --test graph clients` sets it')
}

/** What the router wants to see of a request that a browser would send to another site unasked. */
export const PREFLIGHT = { 'apollo-require-preflight': 'true' }

/** The SHA-256 of a document, as clients name it. */
export const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** A `fetch` that keeps what was sent: `[method, query sent?, hash sent?]` of each request. */
export function watchedFetch() {
  const sent = []
  const watched = async (url, init) => {
    const isGet = (init.method ?? 'GET') === 'GET'
    const parameters = isGet
      ? Object.fromEntries(new URL(url).searchParams)
      : JSON.parse(init.body)
    sent.push([isGet ? 'GET' : 'POST', Boolean(parameters.query), Boolean(parameters.extensions)])
    return fetch(url, init)
  }
  return [watched, sent]
}

/** A file of a megabyte, and what the subgraph tells of it. */
export const FILE = new File([new Uint8Array(1_000_000).fill(120)], 'me.png', { type: 'image/png' })
export const TOLD = 'me.png image/png 1000000'

/** Asserts that a client learnt why its operation was not valid. */
export function assertNotValid(errors) {
  assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED')
}
