#!/usr/bin/env node
import 'reflect-metadata';
import { commandLine } from './command-line.ts';

// Whoever reads along may stop reading, as `phancong … | head` does: what is being done is done all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await commandLine(process.argv.slice(2));
