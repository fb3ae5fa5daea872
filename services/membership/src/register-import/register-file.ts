import { Refusal } from '@phancong/event-sourcing';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { refuseFile } from './file-refusal.ts';
import { type Register, readRegister } from './register-sheet.ts';
import type { WorkerAnswer } from './register-worker.ts';
import { readWorkbook } from './workbook.ts';

/** Bytes of a file → what its register says. @throws Refusal with a `FileProblem` code */
export type RegisterReader = (bytes: Buffer) => Promise<Register>;

/** Enough for a register of 75.000 rows; rubbish that wants more is refused. */
const HEAP_MB = 240;

/** Many times what the largest register takes: damaged parts can send the reader of workbooks round in circles. */
const DEADLINE_MS = 120_000;

export const readRegisterHere: RegisterReader = async (bytes) => readRegister(readWorkbook(bytes));

/**
 * Reads in a thread of its own, whose memory is bounded: the server goes on answering, and a file that would fill the
 * memory ends only that thread. Run from sources, where no compiled worker stands beside, it reads in this thread.
 */
export const readRegisterFile: RegisterReader = (bytes) => {
  const worker = fileURLToPath(new URL('./register-worker.js', import.meta.url));
  return existsSync(worker) ? readIn(worker, bytes) : readRegisterHere(bytes);
};

function readIn(file: string, bytes: Buffer): Promise<Register> {
  const own = Uint8Array.from(bytes);
  const worker = new Worker(file, {
    workerData: own,
    transferList: [own.buffer],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 32 },
  });
  let deadline: NodeJS.Timeout | undefined;
  return new Promise<Register>((resolve, reject) => {
    deadline = setTimeout(() => reject(refuseFile('file-broken')), DEADLINE_MS);
    worker.once('message', (answer: WorkerAnswer) => {
      if ('register' in answer) resolve(answer.register);
      else reject(new Refusal('invalid', answer.refused.code, answer.refused.facts));
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
