// The router's feed tells of product p2 again and again: each client must hear of it, completed by another subgraph.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createWsClient } from 'graphql-ws'
import WebSocket from 'ws'

import { PREFLIGHT, ROUTER_URL } from './router.mjs'

const query = 'subscription Price($upc: ID!) { priceChanged(upc: $upc) { upc price } }'
const variables = { upc: 'p2' }
const expected = { priceChanged: { upc: 'p2', price: 10 } }

const wsClient = () =>
  createWsClient({
    url: ROUTER_URL.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: 'Bearer abc' },
    retryAttempts: 0,
  })

/** The data without what a client adds. */
const plain = ({ priceChanged: { upc, price } }) => ({ priceChanged: { upc, price } })

/** The first that is emitted. */
const first = (subscribe) =>
  new Promise((resolve, reject) => {
    const next = (value) => {
      resolve(value)
      queueMicrotask(() => subscription.unsubscribe())
    }
    const subscription = subscribe(next, reject)
  })

/** The first two that an async iterator gives. */
const firstTwo = async (events) => {
  const heard = []
  for await (const event of events) {
    heard.push(event)
    if (heard.length === 2) break
  }
  return heard
}

test('graphql-ws', async () => {
  const client = wsClient()
  const heard = await firstTwo(client.iterate({ query, variables }))
  assert.deepEqual(heard, [{ data: expected }, { data: expected }])
  await client.dispose()
})

test('graphql-ws asks once', async () => {
  const client = wsClient()
  const heard = []
  for await (const event of client.iterate({ query: '{ product(upc: "p1") { price } }' })) heard.push(event)
  assert.deepEqual(heard, [{ data: { product: { price: 10 } } }])
  await client.dispose()
})

test('graphql-sse', async () => {
  const client = createSseClient({ url: ROUTER_URL, retryAttempts: 0 })
  const heard = await firstTwo(client.iterate({ query, variables }))
  assert.deepEqual(heard, [{ data: expected }, { data: expected }])
  client.dispose()
})

test('Apollo Client over HTTP', async () => {
  const link = new HttpLink({ uri: ROUTER_URL, headers: PREFLIGHT })
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const { data } = await first((next, error) => client.subscribe({ query: gql(query), variables }).subscribe({ next, error }))
  assert.deepEqual(plain(data), expected)
  client.stop()
})

test('Apollo Client over a WebSocket', async () => {
  const socket = wsClient()
  const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() })
  const { data } = await first((next, error) => client.subscribe({ query: gql(query), variables }).subscribe({ next, error }))
  assert.deepEqual(plain(data), expected)
  client.stop()
  await socket.dispose()
})

test('urql over HTTP', async () => {
  const client = new Client({ url: ROUTER_URL, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false })
  const { data, error } = await first((next) => client.subscription(query, variables).subscribe(next))
  assert.equal(error, undefined)
  assert.deepEqual(plain(data), expected)
})

test('urql over a WebSocket', async () => {
  const socket = wsClient()
  const forwardSubscription = (operation) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe({ query: operation.query, variables: operation.variables }, sink),
    }),
  })
  const client = new Client({
    url: ROUTER_URL,
    exchanges: [subscriptionExchange({ forwardSubscription })],
    preferGetMethod: false,
  })
  const { data } = await first((next) => client.subscription(query, variables).subscribe(next))
  assert.deepEqual(plain(data), expected)
  await socket.dispose()
})
