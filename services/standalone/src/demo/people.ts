import type { Random } from './random.ts';

const words = (text: string): readonly string[] => text.split(/,? /);
const phrases = (text: string): readonly string[] => text.split(', ');

/** Family names by how common they are: how many of a hundred people bear one of each line. */
const FAMILIES: readonly (readonly [often: number, names: readonly string[]])[] = [
  [34, words('Nguyễn')],
  [20, words('Trần, Lê')],
  [15, words('Phạm, Huỳnh, Phan, Võ')],
  [15, words('Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Hoàng, Vũ, Trương')],
  [10, words('Đinh, Đoàn, Lâm, Mai, Trịnh, Đào, Cao, Lý, Hà, Tạ')],
  [4, words('Phùng, Châu, Kiều, Thái, Quách, Lương')],
];

const MEN = {
  middle: phrases('Văn, Văn, Văn, Hữu, Đức, Công, Quốc, Minh, Ngọc, Thành, Hoàng, Trung, Gia, Duy, Anh'),
  given: [
    ...words('An, Bảo, Bình, Chiến, Danh, Duy, Đạt, Điền, Định, Hậu, Hiếu, Hòa, Hoan, Hùng, Huy, Khánh, Khoa, Khôi'),
    ...words('Kiên, Lâm, Lộc, Long, Luân, Nam, Nghĩa, Nguyên, Phong, Phước, Quân, Quý, Sơn, Tâm, Tân, Thắng, Thịnh'),
    ...words('Thọ, Tiến, Toàn, Trí, Trường, Tuấn, Tùng, Vinh, Vũ'),
  ],
};
const WOMEN = {
  middle: phrases('Thị, Thị, Thị, Thị, Ngọc, Thu, Thanh, Mỹ, Bích, Kim, Minh, Phương, Hồng, Thị Ngọc, Thị Thu'),
  given: [
    ...words('An, Ánh, Châu, Chi, Cúc, Diễm, Diệp, Dung, Duyên, Đào, Giang, Hà, Hạnh, Hằng, Hiền, Hoa, Hồng, Hương'),
    ...words('Khanh, Lan, Liên, Loan, Ly, Mai, Minh, My, Nga, Nguyệt, Nhung, Oanh, Phượng, Quyên, Tâm, Thảo, Thoa'),
    ...words('Thủy, Thư, Trang, Trâm, Trinh, Tuyết, Uyên, Vân, Xuân, Yến'),
  ],
};

/** An invented name: family, middle and given name put together at random. */
export function nameOf(random: Random): string {
  const family = random.pick(random.weighted(FAMILIES, ([often]) => often)[1]);
  const { middle, given } = random.chance(0.55) ? MEN : WOMEN;
  return `${family} ${random.pick(middle)} ${random.pick(given)}`;
}

export const JOBS = {
  company: [
    'Công nhân',
    'Công nhân kỹ thuật',
    'Tổ trưởng sản xuất',
    'Kỹ sư',
    'Kế toán',
    'Nhân viên kỹ thuật',
    'Quản đốc',
  ],
  institute: ['Nghiên cứu viên', 'Nghiên cứu viên chính', 'Kỹ thuật viên', 'Chuyên viên'],
  school: ['Giảng viên', 'Giảng viên chính', 'Giáo vụ', 'Chuyên viên', 'Kỹ thuật viên phòng thí nghiệm'],
} as const;

export const EXPERTISE = {
  company: ['Cơ khí', 'Điện công nghiệp', 'Tự động hóa', 'Hóa công nghệ', 'Quản trị kinh doanh', 'Kế toán'],
  institute: ['Nông học', 'Sinh học', 'Hóa học', 'Khoa học đất', 'Thủy lợi', 'Vật liệu', 'Môi trường'],
  school: ['Sư phạm kỹ thuật', 'Kinh tế', 'Công nghệ thông tin', 'Ngôn ngữ', 'Toán ứng dụng', 'Xây dựng'],
} as const;
