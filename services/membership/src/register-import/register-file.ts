import { Refusal } from '@phancong/event-sourcing';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { refuseFile } from './file-refusal.ts';
import { type PackedRegister, packRegister } from './packed-rows.ts';
import type { WorkerMessage } from './register-worker.ts';

/**
 * Bytes of a file → what its register says.
 * @param onRead called with the rows read so far
 * @throws Refusal with a `FileProblem` code
 */
export type RegisterReader = (bytes: Buffer, onRead: (rows: number) => void) => Promise<PackedRegister>;

/** Enough for the texts of a workbook of 75.000 rows; rubbish that wants more is refused. */
const HEAP_MB = 128;

/** Many times what the largest register takes. */
const DEADLINE_MS = 120_000;

/**
 * Reads in a thread of its own, whose memory is bounded: the server goes on answering, and a file that would fill the
 * memory ends only that thread. Run from sources, where no compiled worker stands beside, it reads in this thread.
 */
export const readRegisterFile: RegisterReader = (bytes, onRead) => {
  const worker = fileURLToPath(new URL('./register-worker.js', import.meta.url));
  return existsSync(worker) ? readIn(worker, bytes, onRead) : packRegister(bytes, onRead);
};

function readIn(file: string, bytes: Buffer, onRead: (rows: number) => void): Promise<PackedRegister> {
  const own = Uint8Array.from(bytes);
  const worker = new Worker(file, {
    workerData: own,
    transferList: [own.buffer],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 16 },
  });
  let deadline: NodeJS.Timeout | undefined;
  return new Promise<PackedRegister>((resolve, reject) => {
    deadline = setTimeout(() => reject(refuseFile('file-broken')), DEADLINE_MS);
    worker.on('message', (message: WorkerMessage) => {
      if ('read' in message) onRead(message.read);
      else if ('register' in message) resolve(message.register);
      else reject(new Refusal('invalid', message.refused.code, message.refused.facts));
    });
    worker.once('error', (error: Error & { readonly code?: string }) => {
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? refuseFile('file-too-large') : error);
    });
    worker.once('exit', () => reject(new Error('the reader of the register ended without an answer')));
  }).finally(() => {
    clearTimeout(deadline);
    return worker.terminate();
  });
}
