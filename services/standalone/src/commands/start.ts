import type { Command } from 'commander';
import { say } from '../say.ts';
import type { ServeOptions } from '../serve.ts';
import { startSettings } from '../settings-help.ts';

/** `phancong start`: the four services in one process, until it is told to stop. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .description(say('chạy hệ thống trên máy này', 'run the system on this machine'))
    .option('--empty', say('không nạp dữ liệu mẫu vào thư mục dữ liệu mới', 'load no demo into a new data folder'))
    .option('--json', say('in số liệu dưới dạng JSON', 'print the figures as JSON'))
    .addHelpText('after', startSettings())
    .action(async (options: ServeOptions) => {
      // Loaded only here: the services take longer to load than most commands take to be done.
      const { serve } = await import('../serve.ts');
      await serve(options);
    });
}
