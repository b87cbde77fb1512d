// What a read cannot cost less than: Node's own HTTP server answering a finished text of the same size.
import { createServer } from 'node:http';

const [port, bytes] = process.argv.slice(2).map(Number);
const body = JSON.stringify({ object: 'consent', filler: 'x'.repeat(Math.max(0, (bytes ?? 0) - 32)) });
createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
}).listen(port, '127.0.0.1');
