import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ClientError, GraphQLClient, gql } from 'graphql-request'

import { FILE, PREFLIGHT, ROUTER_URL, TOLD, assertNotValid, sha256 } from './router.mjs'

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
    assertNotValid(error.response.errors)
    return true
  })
})

test('a persisted query', async () => {
  const query = 'query GraphqlRequest { me { name } }'
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } }
  // this client leaves it to its user what a body holds
  const sending = (body) =>
    new GraphQLClient(ROUTER_URL, {
      requestMiddleware: (request) => ({ ...request, body: JSON.stringify(body) }),
    }).request(query)
  await assert.rejects(sending({ extensions }), /PersistedQueryNotFound/)
  for (const body of [{ query, extensions }, { extensions }]) {
    assert.deepEqual(await sending(body), { me: { name: 'Ada' } })
  }
})

test('an upload', async () => {
  const query = 'mutation ($file: Upload!) { store(file: $file) }'
  const form = new FormData()
  form.append('operations', JSON.stringify({ query, variables: { file: null } }))
  form.append('map', JSON.stringify({ 0: ['variables.file'] }))
  form.append('0', FILE)
  const client = new GraphQLClient(ROUTER_URL, {
    // the form brings its own content type
    requestMiddleware: (request) => ({ ...request, headers: PREFLIGHT, body: form }),
  })
  assert.deepEqual(await client.request(query), { store: TOLD })
})
