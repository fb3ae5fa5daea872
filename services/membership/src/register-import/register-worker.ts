import { Refusal, type RefusalFacts } from '@phancong/event-sourcing';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type Register, readRegister } from './register-sheet.ts';
import { readWorkbook } from './workbook.ts';

export type WorkerAnswer =
  | { readonly register: Register }
  | { readonly refused: { readonly code: string; readonly facts: RefusalFacts } };

function answer(): WorkerAnswer {
  try {
    const { buffer, byteOffset, length } = z.instanceof(Uint8Array).parse(workerData);
    return { register: readRegister(readWorkbook(Buffer.from(buffer, byteOffset, length))) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: { code: error.code, facts: error.facts } };
  }
}

parentPort?.postMessage(answer());
