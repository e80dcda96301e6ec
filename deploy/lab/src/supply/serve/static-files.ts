import { open } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Most requests that are answered at the same time; more are made to wait by closing their connection. */
const maximumConnections = 256;

/** A server of the files under a directory: GET and HEAD, no listings, nothing outside it. The caller makes it listen. */
export function createStaticServer(root: string): Server {
  const server = createServer((request, response) => {
    const path = toPath(root, request.url ?? '/');
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    if (path === undefined) return void response.writeHead(400).end();
    // A client that hangs up ends the pipeline with an error that nobody is left to be told of.
    sendFile(path, request.method === 'HEAD', response).catch(() => response.destroy());
  });
  server.maxConnections = maximumConnections;
  server.requestTimeout = 60_000;
  return server;
}

/** The file that an address names, or nothing when the address is not one of a file under the root. */
export function toPath(root: string, address: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(address, 'http://mirror').pathname);
    return path.includes('\0') ? undefined : join(root, normalize(path));
  } catch {
    return undefined;
  }
}

async function sendFile(path: string, isHead: boolean, response: ServerResponse): Promise<void> {
  await using file = await open(path, 'r').catch(() => undefined);
  const stats = await file?.stat();
  if (file === undefined || !stats?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-length': stats.size,
    'content-type': 'application/octet-stream',
    'last-modified': stats.mtime.toUTCString(),
  });
  if (isHead) response.end();
  else await pipeline(file.createReadStream({ autoClose: false }), response);
}
