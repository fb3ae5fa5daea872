import type { BenchRow } from '@phancong/event-sourcing';
import { benchAppends } from '@phancong/event-store-sqlite';
import { benchCoverage } from '@phancong/reporting';
import { benchHttp } from './bench-http.ts';
import { benchRebuild } from './bench-rebuild.ts';

/** What can be measured, each part in a folder of its own. */
export const parts: Readonly<Record<string, (folder: string) => Promise<readonly BenchRow[]>>> = {
  appends: benchAppends,
  http: benchHttp,
  rebuild: benchRebuild,
  coverage: benchCoverage,
};
