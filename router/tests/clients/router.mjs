// What the tests of all clients share.

/** The router that a test runs against: the address of its `/graphql`. */
export const ROUTER_URL = process.env.ROUTER_URL
if (!ROUTER_URL) {
  throw new Error('ROUTER_URL is missing: `cargo test -p setwise-router --test graph clients` sets it')
}

/** What the router wants to see of a request that a browser would send to another site unasked. */
export const PREFLIGHT = { 'apollo-require-preflight': 'true' }
