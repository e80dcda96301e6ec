// Run as: node package-mirror.ts ADDRESS PORT DIRECTORY
// Serves the directory's files over HTTP until it is ended by a signal.
import { createStaticServer } from './static-files.ts';

const [address, port, directory] = process.argv.slice(2);
if (address === undefined || port === undefined || directory === undefined) {
  throw new Error('usage: package-mirror.ts ADDRESS PORT DIRECTORY');
}
createStaticServer(directory).listen(Number(port), address);
