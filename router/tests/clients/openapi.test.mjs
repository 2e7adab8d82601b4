import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'

const url = new URL('/v1/openapi.json', process.env.ROUTER_URL)

test('the description of /v1 is valid OpenAPI 3.1', async () => {
  const response = await fetch(url)
  const validator = new Validator()
  const { valid, errors } = await validator.validate(await response.json())
  assert.deepEqual(errors, undefined)
  assert.ok(valid)
  assert.equal(validator.version, '3.1')
  assert.ok(Object.keys(validator.resolveRefs().paths).length > 30)
})
