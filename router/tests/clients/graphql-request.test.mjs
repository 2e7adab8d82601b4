import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ClientError, GraphQLClient, gql } from 'graphql-request'

import { PREFLIGHT, ROUTER_URL } from './router.mjs'

const client = new GraphQLClient(ROUTER_URL)

test('a query with variables', async () => {
  const query = gql`
    query User($id: ID!) {
      user(id: $id) {
        name
        reviews {
          body
        }
      }
    }
  `
  const data = await client.request(query, { id: 'u1' })
  assert.deepEqual(data, { user: { name: 'Ada', reviews: [{ body: 'Good' }, { body: 'Better' }] } })
})

test('a query by GET', async () => {
  const client = new GraphQLClient(ROUTER_URL, { method: 'GET', headers: PREFLIGHT })
  const data = await client.request('query ($id: ID!) { user(id: $id) { name } }', { id: 'u2' })
  assert.deepEqual(data, { user: { name: 'Bob' } })
})

test('a mutation', async () => {
  const data = await client.request('mutation ($id: ID!) { touch(id: $id) { name } }', { id: 'u3' })
  assert.deepEqual(data, { touch: { name: 'Cid' } })
})

test('an error beside data', async () => {
  const client = new GraphQLClient(ROUTER_URL, { errorPolicy: 'all' })
  const { data, errors } = await client.rawRequest('{ me { name email } }')
  assert.deepEqual(data, { me: { name: 'Ada', email: null } })
  assert.equal(errors[0].extensions.code, 'FORBIDDEN')
  assert.deepEqual(errors[0].path, ['me', 'email'])
})

test('an operation that is not valid', async () => {
  await assert.rejects(client.request('{ nothing }'), (error) => {
    assert.ok(error instanceof ClientError)
    assert.equal(error.response.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED')
    return true
  })
})
