/** A waiting time in Chinese: seconds below a minute, otherwise minutes rounded up. */
export function waitInWords(seconds: number): string {
  return seconds < 60 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`;
}
