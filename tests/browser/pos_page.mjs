// A POS in a browser: pages over TLS under public-looking names, and between them and the agent a relay that keeps what
// was asked and can be taken away like an agent that died.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'tillside-pos-tls-'));
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=pos.example'], { stdio: 'ignore' });
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}

const listening = (server, port = 0) => new Promise((done, fail) => {
  server.once('error', fail);
  server.listen(port, '127.0.0.1', () => done(server.address().port));
});

// The page's script is the client as it is shipped; window.tillsidePos is its door.
export async function servePos(client) {
  const files = { '/tillside-pos.js': ['text/javascript', readFileSync(client)] };
  const page = ['text/html', '<!doctype html><title>POS</title><script type="module">import { tillsidePos } from ' +
    '"/tillside-pos.js"; window.tillsidePos = tillsidePos;</script>'];
  const server = https.createServer(certificate(), (request, response) => {
    const [type, content] = files[request.url] ?? page;
    response.writeHead(200, { 'content-type': type }).end(content);
  });
  const port = await listening(server);
  return { port, close: () => server.close() };
}

// asked: {method, url, id} in order, as the agent was asked.
export async function serveRelay(agentPort) {
  const asked = [];
  const relay = async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    asked.push({ method: request.method, url: request.url, id: /"checkout_id":"([^"]*)"/.exec(body)?.[1] });
    const onward = http.request({ port: agentPort, host: '127.0.0.1', method: request.method, path: request.url,
      headers: request.headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  };
  let server, port = 0;
  const open = async () => {
    server = http.createServer((request, response) => relay(request, response).catch(() => response.destroy()));
    port = await listening(server, port);
  };
  await open();
  return {
    asked, port,
    posts: () => asked.filter(({ method }) => method === 'POST'),
    die: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
    rise: open,
  };
}
