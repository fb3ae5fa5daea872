import { Presets, SingleBar } from 'cli-progress';

export interface ProgressBar {
  /** The part that is done, 0 to 1, and what is being done. */
  at(part: number, what: string): void;
  end(): void;
}

const EVERY_MS = 2_000;

/** A bar on a terminal; elsewhere a line every two seconds, so that a log shows that work goes on. */
export function progressBar(title: string, out: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (!out.isTTY) {
    let last = Date.now();
    return {
      at(part, what) {
        if (Date.now() - last < EVERY_MS && part < 1) return;
        last = Date.now();
        out.write(`${title}: ${Math.floor(100 * part)} % ${what}\n`);
      },
      end: () => undefined,
    };
  }
  const bar = new SingleBar(
    { format: `${title} {bar} {percentage} % · {what}`, hideCursor: true, stream: out },
    Presets.shades_classic,
  );
  bar.start(100, 0, { what: '' });
  return {
    at: (part, what) => bar.update(Math.floor(100 * part), { what }),
    end: () => bar.stop(),
  };
}
