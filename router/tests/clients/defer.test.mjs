import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { Defer20220824Handler } from '@apollo/client/incremental'
import { Client, fetchExchange } from '@urql/core'

import { PREFLIGHT, ROUTER_URL } from './router.mjs'

const query = `
  query Later {
    me {
      name
      ... @defer(label: "reviews") {
        reviews {
          body
        }
      }
    }
  }
`
const whole = { me: { name: 'Ada', reviews: [{ body: 'Good' }, { body: 'Better' }] } }

/** Without what the cache adds. */
const plain = (data) =>
  JSON.parse(JSON.stringify(data, (key, value) => (key === '__typename' ? undefined : value)))

/** What is emitted, up to the whole. */
const states = (subscribe) =>
  new Promise((resolve, reject) => {
    const heard = []
    const subscription = subscribe((result) => {
      if (result.error) return reject(result.error)
      if (!result.data) return
      heard.push(plain(result.data))
      if (heard.at(-1).me.reviews) {
        resolve(heard)
        queueMicrotask(() => subscription.unsubscribe())
      }
    })
  })

test('Apollo Client', async () => {
  const client = new ApolloClient({
    link: new HttpLink({ uri: ROUTER_URL, headers: PREFLIGHT }),
    cache: new InMemoryCache(),
    incrementalHandler: new Defer20220824Handler(),
  })
  const heard = await states((next) => client.watchQuery({ query: gql(query) }).subscribe({ next }))
  assert.deepEqual(heard.at(-1), whole)
  client.stop()
})

test('urql', async () => {
  const client = new Client({ url: ROUTER_URL, exchanges: [fetchExchange], preferGetMethod: false })
  const heard = await states((next) => client.query(query, {}).subscribe(next))
  assert.deepEqual(heard.at(-1), whole)
})
