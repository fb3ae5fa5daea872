/** Owns a data folder until it is killed. */
import { writeSync } from 'node:fs';
import { lockDataFolder } from '../data-folder-lock.ts';

const [, , , folder = '', address = ''] = process.argv;
const lock = lockDataFolder(folder);
if (address !== '') lock.announce(address);
writeSync(1, 'owned\n');
setInterval(() => lock, 60_000);
