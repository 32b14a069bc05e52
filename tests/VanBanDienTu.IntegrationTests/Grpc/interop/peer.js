// The other side of the interop tests, on @grpc/grpc-js. `server`: prints `port N`, serves until stdin ends.
// `client PORT`: reads a case's name per line, answers `ok` or `fail: why`.
'use strict';
const assert = require('assert');
const path = require('path');
const readline = require('readline');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync('grpc/testing/interop.proto', { includeDirs: [path.join(__dirname, 'proto')], defaults: true });
const { TestService, UnimplementedService } = grpc.loadPackageDefinition(definition).grpc.testing;

const INITIAL = 'x-grpc-test-echo-initial';
const TRAILING = 'x-grpc-test-echo-trailing-bin';
const SPECIAL = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1F608}\t\n';
const REQUESTS = [27182, 8, 1828, 45904];
const RESPONSES = [31415, 9, 2653, 58979];
const payload = size => ({ body: Buffer.alloc(size) });
const sleep = ms => new Promise(done => setTimeout(done, ms));

function echoMetadata(call) {
  const initial = call.metadata.get(INITIAL);
  if (initial.length) {
    const headers = new grpc.Metadata();
    headers.set(INITIAL, initial[0]);
    call.sendMetadata(headers);
  }
  const trailers = new grpc.Metadata();
  const trailing = call.metadata.get(TRAILING);
  if (trailing.length) trailers.set(TRAILING, trailing[0]);
  return trailers;
}

const asked = request => request.responseStatus && request.responseStatus.code
  ? { code: request.responseStatus.code, details: request.responseStatus.message } : null;

async function respond(call, request) {
  for (const one of request.responseParameters) {
    if (one.intervalUs) await sleep(one.intervalUs / 1000);
    call.write({ payload: payload(one.size) });
  }
}

function serve() {
  const server = new grpc.Server({ 'grpc.default_compression_algorithm': 2, 'grpc.default_compression_level': 2 });
  const { UnimplementedCall, ...known } = TestService.service;
  server.addService(known, {
    EmptyCall: (call, done) => done(null, {}),
    UnaryCall: (call, done) => {
      const trailers = echoMetadata(call);
      const status = asked(call.request);
      if (status) done(status); else done(null, { payload: payload(call.request.responseSize) }, trailers);
    },
    StreamingOutputCall: async call => { await respond(call, call.request); call.end(); },
    StreamingInputCall: (call, done) => {
      let size = 0;
      call.on('data', request => { size += request.payload.body.length; });
      call.on('end', () => done(null, { aggregatedPayloadSize: size }));
    },
    FullDuplexCall: call => {
      const trailers = echoMetadata(call);
      let work = Promise.resolve();
      call.on('data', request => {
        const status = asked(request);
        if (status) call.emit('error', status); else work = work.then(() => respond(call, request));
      });
      call.on('end', () => work.then(() => call.end(trailers)));
      call.on('error', () => {});
    },
  });
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log('port ' + port);
  });
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}

// One unary call's answer, headers and trailers; rejects with the status.
const unary = (client, method, request, metadata, options) => new Promise((done, fail) => {
  const seen = {};
  const call = client[method](request, metadata || new grpc.Metadata(), options || {}, (error, answer) => {
    seen.answer = answer;
    seen.error = error;
  });
  call.on('metadata', headers => { seen.headers = headers; });
  call.on('status', status => { seen.status = status; setImmediate(() => seen.error ? fail(seen.error) : done(seen)); });
});

// All messages of a readable call; rejects with the status.
const all = call => handled(new Promise((done, fail) => {
  const messages = [];
  const seen = { messages };
  call.on('metadata', headers => { seen.headers = headers; });
  call.on('data', message => messages.push(message));
  call.on('error', fail);
  call.on('status', status => { seen.status = status; if (status.code === 0) setImmediate(() => done(seen)); });
}));

// A promise that may fail before somebody waits for it: Node would end the process.
function handled(promise) {
  promise.catch(() => {});
  return promise;
}

async function expect(code, promise) {
  try { await promise; } catch (error) { assert.strictEqual(error.code, code, String(error)); return error; }
  throw new Error('no error, expected ' + code);
}

const cases = {
  empty_unary: client => unary(client, 'EmptyCall', {}),
  async large_unary(client, options) {
    const { answer } = await unary(client, 'UnaryCall', { responseSize: 314159, payload: payload(271828) }, null, options);
    assert.strictEqual(answer.payload.body.length, 314159);
  },
  async client_streaming(client) {
    const answer = await new Promise((done, fail) => {
      const call = client.StreamingInputCall((error, response) => error ? fail(error) : done(response));
      for (const size of REQUESTS) call.write({ payload: payload(size) });
      call.end();
    });
    assert.strictEqual(answer.aggregatedPayloadSize, 74922);
  },
  async server_streaming(client) {
    const { messages } = await all(client.StreamingOutputCall({ responseParameters: RESPONSES.map(size => ({ size })) }));
    assert.deepStrictEqual(messages.map(m => m.payload.body.length), RESPONSES);
  },
  async ping_pong(client) {
    const call = client.FullDuplexCall();
    for (let i = 0; i < REQUESTS.length; i++) {
      const answer = new Promise((done, fail) => { call.once('data', done); call.once('error', fail); });
      call.write({ responseParameters: [{ size: RESPONSES[i] }], payload: payload(REQUESTS[i]) });
      assert.strictEqual((await answer).payload.body.length, RESPONSES[i]);
    }
    const rest = all(call);
    call.end();
    assert.strictEqual((await rest).messages.length, 0);
  },
  async empty_stream(client) {
    const call = client.FullDuplexCall();
    const rest = all(call);
    call.end();
    assert.strictEqual((await rest).messages.length, 0);
  },
  async cancel_after_begin(client) {
    await expect(grpc.status.CANCELLED, new Promise((done, fail) => {
      const call = client.StreamingInputCall((error, response) => error ? fail(error) : done(response));
      setImmediate(() => call.cancel());
    }));
  },
  async cancel_after_first_response(client) {
    const call = client.FullDuplexCall();
    const rest = all(call);
    call.once('data', () => call.cancel());
    call.write({ responseParameters: [{ size: 31415 }], payload: payload(27182) });
    await expect(grpc.status.CANCELLED, rest);
  },
  async timeout_on_sleeping_server(client) {
    const call = client.FullDuplexCall(new grpc.Metadata(), { deadline: Date.now() + 1 });
    const rest = all(call);
    call.write({ payload: payload(27182) });
    await expect(grpc.status.DEADLINE_EXCEEDED, rest);
  },
  async custom_metadata(client) {
    const metadata = new grpc.Metadata();
    metadata.set(INITIAL, 'test_initial_metadata_value');
    metadata.set(TRAILING, Buffer.from([0xab, 0xab, 0xab]));
    const one = await unary(client, 'UnaryCall', { responseSize: 314159, payload: payload(271828) }, metadata);
    const call = client.FullDuplexCall(metadata);
    const rest = all(call);
    call.write({ responseParameters: [{ size: 314159 }], payload: payload(271828) });
    call.end();
    for (const seen of [one, await rest]) {
      assert.deepStrictEqual(seen.headers.get(INITIAL), ['test_initial_metadata_value']);
      assert.deepStrictEqual(seen.status.metadata.get(TRAILING), [Buffer.from([0xab, 0xab, 0xab])]);
    }
  },
  async status_code_and_message(client) {
    const responseStatus = { code: 2, message: 'test status message' };
    const call = client.FullDuplexCall();
    const rest = all(call);
    call.write({ responseStatus });
    call.end();
    for (const promise of [unary(client, 'UnaryCall', { responseStatus }), rest])
      assert.strictEqual((await expect(2, promise)).details, 'test status message');
  },
  async special_status_message(client) {
    const error = await expect(2, unary(client, 'UnaryCall', { responseStatus: { code: 2, message: SPECIAL } }));
    assert.strictEqual(error.details, SPECIAL);
  },
  unimplemented_method: client => expect(grpc.status.UNIMPLEMENTED, unary(client, 'UnimplementedCall', {})),
  unimplemented_service: (client, _, other) => expect(grpc.status.UNIMPLEMENTED, unary(other, 'UnimplementedCall', {})),
  gzip: (client, _, other, address) => cases.large_unary(
    new TestService(address, grpc.credentials.createInsecure(), { 'grpc.default_compression_algorithm': 2 })),
};

async function runClient(port) {
  const address = '127.0.0.1:' + port;
  const client = new TestService(address, grpc.credentials.createInsecure());
  const other = new UnimplementedService(address, grpc.credentials.createInsecure());
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      await cases[line.trim()](client, undefined, other, address);
      console.log('ok');
    } catch (error) {
      console.log('fail: ' + String(error.stack || error).replace(/\n/g, ' '));
    }
  }
  process.exit(0);
}

if (process.argv[2] === 'server') serve(); else runClient(process.argv[3]);
