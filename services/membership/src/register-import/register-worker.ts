import { Refusal, type RefusalFacts } from '@phancong/event-sourcing';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { type PackedRegister, packRegister } from './packed-rows.ts';

export type WorkerMessage =
  | { readonly read: number }
  | { readonly register: PackedRegister }
  | { readonly refused: { readonly code: string; readonly facts: RefusalFacts } };

const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);

try {
  const { buffer, byteOffset, length } = z.instanceof(Uint8Array).parse(workerData);
  tell({ register: await packRegister(Buffer.from(buffer, byteOffset, length), (read) => tell({ read })) });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  tell({ refused: { code: error.code, facts: error.facts } });
}
