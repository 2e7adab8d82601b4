// Apollo Gateway over the supergraph of the file argv[2]: a request a line in, an answer a line out.
import { ApolloGateway } from '@apollo/gateway';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const silent = { debug() {}, info() {}, warn: console.error, error: console.error };
const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(process.argv[2], 'utf8'),
  logger: silent,
});
const { schema, executor } = await gateway.load();

async function answer(line) {
  const { query, variables } = JSON.parse(line);
  try {
    return await executor({
      schema,
      document: parse(query),
      request: { query, variables },
      operationName: null,
      queryHash: query,
      context: {},
      metrics: {},
      logger: silent,
    });
  } catch (error) {
    return { errors: [{ message: String(error?.stack ?? error) }] };
  }
}

// requests run together, answers keep their order
let written = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  const answered = answer(line);
  written = written.then(async () => {
    process.stdout.write(JSON.stringify(await answered) + '\n');
  });
}
await written;
await gateway.stop();
