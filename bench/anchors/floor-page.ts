// What a page cannot be quicker than: a heading and a sentence, nothing else to load.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Floor</title><link rel="icon" href="data:,"><main><h1>Connect your bank</h1><p>${'A sentence as long as a page has. '.repeat(40)}</p></main></html>`;
createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(page);
}).listen(port, '127.0.0.1');
