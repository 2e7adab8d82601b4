import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { BatchHttpLink } from '@apollo/client/link/batch-http'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs'

import { FILE, PREFLIGHT, ROUTER_URL, TOLD, assertNotValid, sha256, watchedFetch } from './router.mjs'

const client = (link) => new ApolloClient({ link, cache: new InMemoryCache() })
const plain = client(new HttpLink({ uri: ROUTER_URL }))

test('a query over three subgraphs', async () => {
  const query = gql`
    query User($id: ID!) {
      user(id: $id) {
        id
        name
        reviews {
          body
          product {
            upc
            name
          }
        }
      }
    }
  `
  const { data } = await plain.query({ query, variables: { id: 'u2' } })
  assert.equal(data.user.name, 'Bob')
  assert.deepEqual(
    data.user.reviews.map((review) => [review.body, review.product.name]),
    [
      ['Bad', 'Product p1'],
      ['Worse', 'Product p1'],
    ],
  )
})

test('a mutation', async () => {
  const mutation = gql`
    mutation Touch($id: ID!) {
      touch(id: $id) {
        id
        name
      }
    }
  `
  const { data } = await plain.mutate({ mutation, variables: { id: 'u3' } })
  assert.equal(data.touch.name, 'Cid')
})

test('an error beside data', async () => {
  const query = gql`
    {
      me {
        id
        name
        email
      }
    }
  `
  const { data, error } = await plain.query({ query, errorPolicy: 'all' })
  assert.equal(data.me.name, 'Ada')
  assert.ok(CombinedGraphQLErrors.is(error))
  assert.equal(error.errors[0].extensions.code, 'FORBIDDEN')
})

test('an operation that is not valid', async () => {
  const query = gql`
    {
      nothing
    }
  `
  await assert.rejects(plain.query({ query }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error))
    assertNotValid(error.errors)
    return true
  })
})

for (const useGETForHashedQueries of [false, true]) {
  const method = useGETForHashedQueries ? 'GET' : 'POST'
  test(`automatic persisted queries by ${method}`, async () => {
    const [fetch, sent] = watchedFetch()
    const http = new HttpLink({ uri: ROUTER_URL, fetch, headers: PREFLIGHT })
    const persisted = client(new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(http))
    const query = gql(`query ApolloBy${method} { me { id name } }`)
    const ask = () => persisted.query({ query, fetchPolicy: 'no-cache' })
    for (let times = 0; times < 2; times += 1) {
      const { data } = await ask()
      assert.equal(data.me.name, 'Ada')
    }
    assert.deepEqual(sent, [
      [method, false, true],
      ['POST', true, true],
      [method, false, true],
    ])
  })
}

test('a batch', async () => {
  const batched = client(new BatchHttpLink({ uri: ROUTER_URL, batchMax: 2 }))
  const ask = (id) => batched.query({ query: gql(`{ user(id: "${id}") { id name } }`) })
  const [ada, bob] = await Promise.all([ask('u1'), ask('u2')])
  assert.deepEqual([ada.data.user.name, bob.data.user.name], ['Ada', 'Bob'])
})

test('an upload', async () => {
  const uploading = client(new UploadHttpLink({ uri: ROUTER_URL, headers: PREFLIGHT }))
  const mutation = gql`
    mutation Store($file: Upload!) {
      store(file: $file)
    }
  `
  const { data } = await uploading.mutate({ mutation, variables: { file: FILE } })
  assert.equal(data.store, TOLD)
})
