import { Presets, SingleBar } from 'cli-progress';

export interface ProgressBar {
  /** The part that is done, 0 to 1, and what is being done. */
  at(part: number, what: string): void;
  /** Shows that work goes on of which nobody knows how long it takes, at the part that was done before. */
  during<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
  /** All is done. */
  done(): void;
  /** Shows nothing more. */
  end(): void;
}

const EVERY_MS = 2_000;

/** Whole percents; not all of them before the end, when there is nothing left to wait for. */
const percentOf = (part: number): number => Math.min(99, Math.floor(100 * part));

/** A bar on a terminal; elsewhere a line every two seconds, so that a log shows that work goes on. */
export function progressBar(
  title: string,
  out: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stderr,
): ProgressBar {
  const { show, done, end } = out.isTTY === true ? bar(title, out) : lines(title, out);
  let percent = 0;
  return {
    at(part, what) {
      percent = percentOf(part);
      show(percent, what);
    },
    async during(what, work) {
      show(percent, what);
      const timer = setInterval(() => show(percent, what), EVERY_MS);
      try {
        return await work();
      } finally {
        clearInterval(timer);
      }
    },
    done,
    end,
  };
}

interface Shown {
  readonly show: (percent: number, what: string) => void;
  readonly done: () => void;
  readonly end: () => void;
}

function lines(title: string, out: NodeJS.WritableStream): Shown {
  let last = Date.now();
  return {
    show(percent, what) {
      if (Date.now() - last < EVERY_MS) return;
      last = Date.now();
      out.write(`${title}: ${percent} % ${what}\n`);
    },
    done: () => void out.write(`${title}: 100 %\n`),
    end: () => undefined,
  };
}

function bar(title: string, stream: NodeJS.WritableStream): Shown {
  const shown = new SingleBar(
    { format: `${title} {bar} {percentage} % · {what}`, hideCursor: true, stream },
    Presets.shades_classic,
  );
  shown.start(100, 0, { what: '' });
  return {
    show: (percent, what) => shown.update(percent, { what }),
    done: () => shown.update(100, { what: '' }),
    end: () => shown.stop(),
  };
}
