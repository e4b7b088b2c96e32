import type { SignInEntry, SignIns } from '../../../projections/sign-ins.js';
import type { Safe, Sealed } from '../../vault/vault.js';
import { day, moment } from '../../web/views/formats.js';
import type { Device, SignInWay } from '../identity.events.js';
import { deviceName } from '../sign-in/user-agent.js';

const ways: Readonly<Record<SignInWay, string>> = { password: '密码', bjt: '北京通', switch: '切换准考证号' };

/**
 * The sessions that can still be used, the current one first, and earlier and failed sign-ins. A device is shown by its user agent and
 * its network address.
 * @param since milliseconds since the epoch: sessions that began before are over
 */
export function signInsView({ open, latest, failed }: SignIns, safe: Safe, current: string, since: number) {
  const usable = open.filter(({ session, at }) => session === current || Date.parse(at) > since);
  const sessions = [...usable.filter(({ session }) => session === current), ...usable.filter(({ session }) => session !== current)];
  return {
    sessions: sessions.map((entry) => ({ ...shown(entry, safe), session: entry.session, isThis: entry.session === current })),
    hasOthers: usable.some(({ session }) => session !== current),
    latest: latest.map((entry) => shown(entry, safe)),
    failed: failed.map((each) => ({ day: day(each.day), times: each.times, ...from(each.device, safe) })),
  };
}

function shown({ at, way, device }: SignInEntry, safe: Safe) {
  return { at: moment(at), way: ways[way], ...from(device, safe) };
}

function from(sealed: Sealed<Device>, safe: Safe) {
  const device = safe.open(sealed);
  return { device: deviceName(device?.userAgent ?? ''), address: device?.address ?? '' };
}
