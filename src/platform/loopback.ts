/**
 * Whether a host, as a parsed URL has it, is this machine. Other spellings of an address (`0x7f.1`, `2130706433`) have become the
 * usual one by then; a name that only begins like an address, or like `localhost`, is none.
 */
export function isLoopbackHost(hostname: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/u.test(hostname);
}
