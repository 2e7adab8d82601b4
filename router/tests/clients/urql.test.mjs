import assert from 'node:assert/strict'
import { test } from 'node:test'

import { persistedExchange } from '@urql/exchange-persisted'
import { Client, cacheExchange, fetchExchange } from 'urql'

import { FILE, PREFLIGHT, ROUTER_URL, TOLD, assertNotValid, watchedFetch } from './router.mjs'

const client = (options = {}) =>
  new Client({
    url: ROUTER_URL,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: PREFLIGHT },
    ...options,
  })

test('a query with variables', async () => {
  const query = 'query ($id: ID!) { user(id: $id) { id name reviews { body } } }'
  for (const preferGetMethod of [false, 'force']) {
    const { data, error } = await client({ preferGetMethod }).query(query, { id: 'u1' })
    assert.equal(error, undefined)
    assert.equal(data.user.name, 'Ada')
    assert.equal(data.user.reviews.length, 2)
  }
})

test('a mutation', async () => {
  const mutation = 'mutation ($id: ID!) { touch(id: $id) { name } }'
  const { data } = await client().mutation(mutation, { id: 'u3' })
  assert.equal(data.touch.name, 'Cid')
})

test('an error beside data', async () => {
  const { data, error } = await client().query('{ me { id name email } }', {})
  assert.equal(data.me.name, 'Ada')
  assert.equal(error.graphQLErrors[0].extensions.code, 'FORBIDDEN')
})

test('an operation that is not valid', async () => {
  const { error } = await client().query('{ nothing }', {})
  assertNotValid(error.graphQLErrors)
})

for (const method of ['POST', 'GET']) {
  test(`automatic persisted queries by ${method}`, async () => {
    const [fetch, sent] = watchedFetch()
    const preferGetForPersistedQueries = method === 'GET' ? 'force' : false
    const persisted = persistedExchange({ preferGetForPersistedQueries })
    const exchanges = [persisted, fetchExchange]
    const asking = client({ fetch, exchanges, preferGetMethod: false })
    for (let times = 0; times < 2; times += 1) {
      const { data, error } = await asking.query(`query UrqlBy${method} { me { id name } }`, {})
      assert.equal(error, undefined)
      assert.equal(data.me.name, 'Ada')
    }
    assert.deepEqual(
      sent.map(([, query, hash]) => [query, hash]),
      [
        [false, true],
        [true, true],
        [false, true],
      ],
    )
    assert.equal(sent[0][0], method)
  })
}

test('an upload', async () => {
  const mutation = 'mutation ($file: Upload!) { store(file: $file) }'
  const { data, error } = await client().mutation(mutation, { file: FILE })
  assert.equal(error, undefined)
  assert.equal(data.store, TOLD)
})
