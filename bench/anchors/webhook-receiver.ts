// An app that says yes (/ok), never answers (/hang) or answers 500 (/fail). /stats: how many came; /delays: after how long each.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
let delays: number[] = [];
let count = 0;
createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ count }));
    return;
  }
  if (request.url === '/delays') {
    response.end(JSON.stringify(delays));
    return;
  }
  if (request.url === '/reset') {
    [delays, count] = [[], 0];
    response.end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/hang') return;
    if (request.url === '/ok') {
      count += 1;
      // Only the timed rounds hold a moment worth reading.
      const at = /"created_at":"([^"]+)"/.exec(Buffer.concat(chunks).toString())?.[1];
      if (at) delays.push(Date.now() - Date.parse(at));
    }
    response.writeHead(request.url === '/fail' ? 500 : 204).end();
  });
}).listen(port, '127.0.0.1');
