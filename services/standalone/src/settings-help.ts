import { say } from './say.ts';

type Setting = readonly [name: string, meaning: string];

const inRows = (settings: readonly Setting[]): string =>
  settings.map(([name, meaning]) => `  ${name.padEnd(13)}${meaning}`).join('\n');

/** What `start` alone takes from the environment. */
export const startSettings = (): string =>
  `\n${say('Biến môi trường của lệnh này:', 'Environment of this command:')}\n${inRows([
    ['PORT', say('cổng; mặc định 3000 (0: cổng nào còn trống)', 'port; 3000 unless told (0: any free one)')],
    [
      'LOG_LEVEL',
      say(
        'mức ghi nhật ký: debug, info, warn, error, silent; mặc định warn',
        'lines on standard error: debug, info, warn, error, silent; warn unless told',
      ),
    ],
  ])}`;

/** What every command takes from the environment. */
export const commonSettings = (): string =>
  `\n${say('Biến môi trường:', 'Environment:')}\n${inRows([
    ['DATA_DIR', say('thư mục dữ liệu; mặc định ./data', 'folder of all data; ./data unless told')],
    [
      'TIME_ZONE',
      say(
        'múi giờ để biết hôm nay là ngày nào; mặc định Asia/Ho_Chi_Minh',
        'zone whose calendar tells today; Asia/Ho_Chi_Minh unless told',
      ),
    ],
    [
      'POLICY_FILE',
      say(
        'tệp JSON: quy định riêng về phân công; mặc định theo hệ thống',
        'JSON file: own rules on who is assigned to whom; built-in ones unless told',
      ),
    ],
  ])}`;
